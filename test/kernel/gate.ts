// A gate between a test and the cells of its kernel: their code waits there until the test opens it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./folders.ts";

export class Gate {
  readonly #file = join(temporaryFolder(), "open");
  readonly #isOpen = `process.getBuiltinModule("node:fs").existsSync(${JSON.stringify(this.#file)})`;

  /** Code that waits in a busy loop. */
  get looping(): string {
    return `while (!${this.#isOpen});`;
  }

  /** Code that waits and lets in what comes meanwhile. */
  get waiting(): string {
    return `while (!${this.#isOpen}) await new Promise((resolve) => setTimeout(resolve, 5));`;
  }

  open(): void {
    writeFileSync(this.#file, "");
  }
}
