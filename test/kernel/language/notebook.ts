// A notebook without a kernel: cells are checked and then count as executed, as the kernel does it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, vi } from "vitest";
import type { Diagnostic } from "../../../kernel/language/language.ts";
import { Language } from "../../../kernel/language/language.ts";

/** Far more than any check takes, so that a busy machine does not decide a test. */
const PATIENCE_MS = 100_000;

/**
 * Makes the time limits of the language service 30 times longer in a file of tests. They are those of people who type; what is
 * answered shall not depend on how busy the machine is.
 */
export function withPatience(): void {
  const { setTimeout } = globalThis;
  const patient = (callback: () => void, ms = 0, ...rest: []) => setTimeout(callback, 30 * ms, ...rest);
  beforeAll(() => void vi.stubGlobal("setTimeout", patient));
  afterAll(() => void vi.unstubAllGlobals());
}

export class Notebook {
  readonly directory = mkdtempSync(join(tmpdir(), "notebook "));
  readonly language: Language;

  constructor(files: Record<string, string> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    this.language = new Language({ directory: this.directory });
  }

  write(name: string, text: string): void {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** The errors of a cell that is not executed. */
  async check(source: string): Promise<Diagnostic[]> {
    const deadline = performance.now() + PATIENCE_MS;
    do {
      const found = await this.language.check(source, PATIENCE_MS);
      if (found !== null) return found;
      // Given up because it took more than 1.5 s: that may be the machine's fault.
      await wait(100);
    } while (performance.now() < deadline);
    throw new Error("the check was late");
  }

  /** The codes of a cell's errors. */
  async codes(source: string): Promise<number[]> {
    return (await this.check(source)).map(({ code }) => code);
  }

  async run(source: string, label?: string): Promise<number[]> {
    const codes = await this.codes(source);
    this.language.commit(source, label);
    return codes;
  }

  /** Errors of the last cell when the ones before it have been executed. */
  async last(...cells: string[]): Promise<number[]> {
    this.language.forget();
    for (const cell of cells.slice(0, -1)) await this.run(cell);
    return this.codes(cells.at(-1) as string);
  }

  /** Suggestions at the mark `|`. */
  complete(marked: string) {
    const cursor = marked.indexOf("|");
    return this.language.complete(marked.replace("|", ""), cursor);
  }

  async texts(marked: string): Promise<string[]> {
    return (await this.complete(marked)).items.map(({ text }) => text);
  }

  hover(marked: string) {
    const cursor = marked.indexOf("|");
    return this.language.hover(marked.replace("|", ""), cursor);
  }

  async close(): Promise<void> {
    await this.language.stop();
    rmSync(this.directory, { recursive: true });
  }
}
