// Objects and their binary buffers over a pipe, however it cuts them.
import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import { readJsonLines, writeJsonLine } from "../../../kernel/process/lines.ts";

const MESSAGES = [
  { text: "a line\nof text: é 😀" },
  { buffers: [Uint8Array.of(10, 10, 123), new Uint8Array(0), Uint8Array.of(10)] },
  { text: "", buffers: [] },
  { buffers: [new Uint8Array(0)] },
  { buffers: [Uint8Array.from({ length: 300 }, (_, index) => index)], text: "last" },
];

function collect() {
  const chunks: Buffer[] = [];
  const pipe = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { pipe, written: () => Buffer.concat(chunks) };
}

test.each([1, 2, 3, 7, 50, 10_000])("in pieces of %d bytes", async (size) => {
  const { pipe, written } = collect();
  for (const message of MESSAGES) writeJsonLine(pipe, message);
  const bytes = written();

  const received: unknown[] = [];
  const source = new PassThrough();
  readJsonLines(source, (message) => received.push(message));
  for (let start = 0; start < bytes.length; start += size) source.write(bytes.subarray(start, start + size));
  source.end();
  await new Promise((resolve) => source.once("end", resolve));
  expect(received).toEqual(MESSAGES);
});

test("what a cell has written into the pipe is no message, and the next one comes through", () => {
  const source = new PassThrough();
  const received: unknown[] = [];
  const stray: string[] = [];
  readJsonLines(
    source,
    (message) => received.push(message),
    (line) => stray.push(line),
  );
  const written = ["not JSON", "1", "null", '{"buffers":[-1]}', '{"buffers":{}}', '{"buffers":[1e99]}'];
  source.write(`${written.join("\n")}\nunfinished`);
  for (const message of MESSAGES) writeJsonLine(source, message);
  return expect.poll(() => [stray, received]).toEqual([[...written, "unfinished"], MESSAGES]);
});

test("tells when the pipe has taken a message with all its buffers", async () => {
  const { pipe, written } = collect();
  await new Promise<void>((resolve) => writeJsonLine(pipe, MESSAGES[1] as object, resolve));
  await new Promise<void>((resolve) => writeJsonLine(pipe, MESSAGES[0] as object, resolve));
  expect(written().includes("a line")).toBe(true);
});
