// process.stdout and process.stderr of the user's process: text goes to the cell whose code wrote it.
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { sendOutput } from "./link.ts";
import { writingRun } from "./run.ts";

/** In characters. One text that is longer is hardly meant to be read, and takes the browser's time and the notebook's space. */
const LONGEST_WRITE = 2_000_000;

type WriteCallback = (error?: Error | null) => void;

/**
 * A stream without a queue. An interrupt may end `write` anywhere, and a queue could be left in a state from which it
 * never sends again.
 */
class CellStream extends Writable {
  readonly fd: number;
  readonly #name: "stdout" | "stderr";
  readonly #decoder = new StringDecoder("utf8");

  constructor(name: "stdout" | "stderr", fd: number) {
    super({ decodeStrings: false });
    this.#name = name;
    this.fd = fd;
  }

  override write(
    chunk: unknown,
    encoding?: BufferEncoding | WriteCallback,
    callback?: WriteCallback,
  ): boolean {
    const done = typeof encoding === "function" ? encoding : callback;
    const run = writingRun();
    const text = shortened(this.#textOf(chunk, typeof encoding === "string" ? encoding : undefined));
    if (text !== "") sendOutput({ type: "stream", run, name: this.#name, text }, text.length);
    if (done) process.nextTick(done);
    return true;
  }

  override end(): this {
    return this; // the process's own streams stay open, as in Node
  }

  #textOf(chunk: unknown, encoding: BufferEncoding | undefined): string {
    if (chunk instanceof Uint8Array) return this.#decoder.write(Buffer.from(chunk));
    if (typeof chunk !== "string") {
      throw new TypeError(`process.${this.#name}.write takes a string or bytes, not ${typeof chunk}`);
    }
    const isText = encoding === undefined || encoding === "utf8" || encoding === "utf-8";
    return isText ? chunk : this.#decoder.write(Buffer.from(chunk, encoding));
  }
}

function shortened(text: string): string {
  if (text.length <= LONGEST_WRITE) return text;
  const left = text.length - LONGEST_WRITE;
  return `${text.slice(0, LONGEST_WRITE)}\n… (${left} more characters: too much for a notebook; fs.writeFileSync takes them all)\n`;
}

/** Replaces the streams before anything uses them; the console finds them on its first use. */
export function captureOutput(): void {
  for (const [name, fd] of [
    ["stdout", 1],
    ["stderr", 2],
  ] as const) {
    Object.defineProperty(process, name, {
      value: new CellStream(name, fd),
      configurable: true,
      enumerable: true,
    });
  }
}
