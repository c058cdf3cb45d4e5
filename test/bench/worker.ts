// A live process that answers one line with one line: the measured sides wait in theirs while it is another's turn.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export class Worker {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #name: string;

  constructor(name: string, command: string, args: string[], env: Record<string, string> = {}) {
    this.#name = name;
    this.#process = spawn(command, args, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...env },
    });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async ask<Answer>(question: object): Promise<Answer> {
    this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.#name} ended without an answer.`);
    return JSON.parse(value);
  }

  stop(): void {
    this.#process.kill();
  }
}
