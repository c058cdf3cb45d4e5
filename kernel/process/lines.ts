// JSON objects over a pipe, one a line. The binary buffers of a message (`buffers`) follow its line as they are; in the
// line stand their lengths.
import type { Readable, Writable } from "node:stream";

interface WithBuffers {
  readonly buffers?: readonly Uint8Array[];
}

const NEWLINE = 10;

/** Writes one object; `written` is called when the pipe has taken all of it. */
export function writeJsonLine(stream: Writable, message: object & WithBuffers, written?: () => void): void {
  const { buffers = [] } = message;
  const lengths = buffers.map((buffer) => buffer.byteLength);
  const line = buffers.length === 0 ? message : { ...message, buffers: lengths };
  // The line break at the front ends what a cell may have written into the pipe.
  stream.write(`\n${JSON.stringify(line)}\n`, buffers.length === 0 ? written : undefined);
  for (const [index, buffer] of buffers.entries()) {
    stream.write(buffer, index === buffers.length - 1 ? written : undefined);
  }
}

/**
 * Calls `receive` with every object that comes in; a line that is none goes to `stray`. The pipes of the user's process
 * are open files of that process, and a cell can write into them.
 */
export function readJsonLines<Message>(
  stream: Readable,
  receive: (message: Message) => void,
  stray: (line: string) => void = () => {},
): void {
  let line: Buffer[] = [];
  let incoming: Incoming | null = null;
  const begin = () => {
    const text = (line.length === 1 ? (line[0] as Buffer) : Buffer.concat(line)).toString();
    line = [];
    if (text === "") return;
    incoming = parsed(text);
    if (incoming === null) stray(text);
  };
  const finish = () => {
    if (incoming === null || !incoming.isFull) return;
    const { message } = incoming;
    incoming = null;
    receive(message as Message);
  };
  stream.on("data", (chunk: Buffer) => {
    for (let start = 0; start < chunk.length; finish()) {
      if (incoming !== null) {
        start += incoming.fill(chunk, start);
        continue;
      }
      // Only the chunk is searched: a line of many megabytes comes in thousands of chunks.
      const end = chunk.indexOf(NEWLINE, start);
      line.push(chunk.subarray(start, end < 0 ? undefined : end));
      start = end < 0 ? chunk.length : end + 1;
      if (end >= 0) begin();
    }
  });
}

function parsed(line: string): Incoming | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? new Incoming(value) : null;
  } catch {
    return null;
  }
}

/** A message whose buffers are being read. */
class Incoming {
  readonly message: object;
  readonly #buffers: Uint8Array[] = [];
  /** Where the next bytes go. */
  #index = 0;
  #offset = 0;

  /** Throws if the lengths are none. */
  constructor(line: { readonly buffers?: readonly number[] }) {
    this.message = line;
    if (line.buffers === undefined) return;
    this.#buffers = line.buffers.map((length) => new Uint8Array(length));
    this.message = { ...line, buffers: this.#buffers };
    this.#skipFull();
  }

  get isFull(): boolean {
    return this.#index === this.#buffers.length;
  }

  /** Takes what it needs from a chunk, and gives how many bytes that was. */
  fill(chunk: Uint8Array, start: number): number {
    const buffer = this.#buffers[this.#index] as Uint8Array;
    const bytes = chunk.subarray(start, start + buffer.length - this.#offset);
    buffer.set(bytes, this.#offset);
    this.#offset += bytes.length;
    this.#skipFull();
    return bytes.length;
  }

  #skipFull(): void {
    while (this.#offset === this.#buffers[this.#index]?.length) {
      this.#index++;
      this.#offset = 0;
    }
  }
}
