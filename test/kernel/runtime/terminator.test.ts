// Terminations one at a time: what comes after a run is never hit by one that was meant for it.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Terminator } from "../../../kernel/runtime/terminator.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const events: string[] = [];
  const pending: (() => void)[] = [];
  const terminator = new Terminator({
    stop: (done) => {
      events.push("stop");
      pending.push(done);
    },
    ping: (run) => void events.push(`ping ${run}`),
  });
  return { terminator, events, stopped: () => pending.shift()?.() };
}

test("a cell that comes during a termination waits for the answer to its ping", () => {
  const { terminator, events, stopped } = watched();
  terminator.interrupt(1);
  terminator.afterwards(() => void events.push("run 2"));
  stopped();
  expect(events).toEqual(["stop", "ping 1"]);
  terminator.answered(1);
  expect(events).toEqual(["stop", "ping 1", "run 2"]);
});

test("without a termination nothing waits", () => {
  const { terminator, events } = watched();
  terminator.afterwards(() => void events.push("run 1"));
  expect(events).toEqual(["run 1"]);
});

test("a repeated interrupt that is late is none", () => {
  const { terminator, events, stopped } = watched();
  terminator.interrupt(1);
  terminator.interrupt(1);
  stopped();
  terminator.answered(1);
  terminator.interrupt(1);
  expect(events).toEqual(["stop", "ping 1"]);
});

test("a loop that revives is stopped again", () => {
  const { terminator, events, stopped } = watched();
  terminator.interrupt(1);
  stopped();
  vi.advanceTimersByTime(100);
  terminator.interrupt(1);
  stopped();
  terminator.answered(1);
  expect(events).toEqual(["stop", "ping 1", "stop", "ping 1"]);
});

test("the late answer to a first ping does not let a cell into the second termination", () => {
  const { terminator, events, stopped } = watched();
  terminator.interrupt(1);
  stopped();
  vi.advanceTimersByTime(100);
  terminator.interrupt(1); // the kernel has heard nothing yet
  terminator.answered(1); // now it does, and sends the next cell
  terminator.afterwards(() => void events.push("run 2"));
  expect(events).toEqual(["stop", "ping 1", "stop"]);
  stopped();
  terminator.answered(1);
  expect(events).toEqual(["stop", "ping 1", "stop", "ping 1", "run 2"]);
});

test("a termination that is reported twice is one", () => {
  const events: string[] = [];
  const done: (() => void)[] = [];
  const terminator = new Terminator({
    stop: (report) => void done.push(report),
    ping: (run) => void events.push(`ping ${run}`),
  });
  terminator.interrupt(1);
  done[0]?.();
  done[0]?.();
  terminator.answered(1);
  done[0]?.();
  expect(events).toEqual(["ping 1"]);
});
