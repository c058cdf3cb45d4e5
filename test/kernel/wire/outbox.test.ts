// The send queue: in order, one at a time, and alive after a failure.
import { expect, test } from "vitest";
import { Outbox } from "../../../kernel/wire/outbox.ts";

test("sends one message at a time, in order, and goes on after one that fails", async () => {
  const sent: number[] = [];
  const log: string[] = [];
  let sending = 0;
  const socket = {
    send: async (frames: Uint8Array[]) => {
      expect(++sending).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      sending--;
      const number = frames[0]?.[0] as number;
      if (number === 1) throw new Error("unroutable");
      sent.push(number);
    },
  };
  const outbox = new Outbox(socket as never, (text) => log.push(text));
  for (const number of [0, 1, 2]) outbox.send([Buffer.from([number])]);
  setImmediate(() => outbox.send([Buffer.from([3])]));
  await new Promise((resolve) => setImmediate(resolve));
  await outbox.emptied();
  expect(sent).toEqual([0, 2, 3]);
  expect(log).toEqual([expect.stringContaining("unroutable")]);
});
