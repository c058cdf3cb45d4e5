// %time and %%time: how long code takes, on the wall and on the processors.
import { performance } from "node:perf_hooks"; // a cell may have replaced the global one
import { types } from "node:util";
import type { Magic, UserSide } from "./magic.ts";

export const time: Magic = {
  name: "time",
  marks: ["%", "%%"],
  usage: "%time statement · %%time",
  summary: "says how long a statement, or with %%time the whole cell, takes",
  details:
    "Names and the value stay those of the code. CPU times are those of the whole process, with all its threads. " +
    "The imports of a cell are loaded before a clock starts.",
  argument: "rest",
};

interface Start {
  readonly wall: number;
  readonly cpu: NodeJS.CpuUsage;
}

/** The clocks that run in a cell, by number. */
export class Clocks {
  readonly #starts = new Map<number, Start>();
  readonly #user: Pick<UserSide, "print">;

  constructor(user: Pick<UserSide, "print">) {
    this.#user = user;
  }

  start(clock: number): void {
    this.#starts.set(clock, { cpu: process.cpuUsage(), wall: performance.now() });
  }

  end(clock: number): void {
    const start = this.#starts.get(clock);
    if (start === undefined) return;
    const wall = performance.now() - start.wall;
    const { user, system } = process.cpuUsage(start.cpu);
    const [usr, sys, total] = [user, system, user + system].map((micro) => duration(micro / 1000));
    this.#user.print(`CPU times: user ${usr}, sys: ${sys}, total: ${total}\nWall time: ${duration(wall)}\n`);
  }

  /** The value, or a promise of it: a promise as the value of a cell is waited for. */
  timed(clock: number, value: unknown): unknown {
    if (!types.isPromise(value)) {
      this.end(clock);
      return value;
    }
    return value.then((settled) => {
      this.end(clock);
      return settled;
    });
  }
}

/** Three digits, and minutes and hours as people say them. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds >= 60) {
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const words = parts.map((part, index) => (part > 0 ? `${part}${["h", "min", "s"][index]}` : ""));
    return words.filter(Boolean).join(" ");
  }
  if (ms >= 1000) return `${digits(ms / 1000)} s`;
  if (ms >= 1) return `${digits(ms)} ms`;
  return `${digits(ms * 1000)} µs`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
