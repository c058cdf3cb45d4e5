// The language services of one notebook: type checks, completion, hover and signatures of its cells.
import type { Completion, Diagnostic, Hover, Signature } from "./types.ts";

export type { Completion, CompletionItem, Diagnostic, Hover, Signature } from "./types.ts";

/** Every method may be called in any order and at any time; a server that died is started again. None of them rejects. */
export class Language {
  readonly directory: string;

  /** `directory` is the folder of the notebook: relative imports and packages are looked up from there. */
  constructor(options: { directory: string }) {
    this.directory = options.directory;
  }

  /** Starts the server in the background; without it, the first question does. */
  start(): void {}

  /** The type errors of a cell about to run; `null` when they were not known within the time limit. */
  async check(_source: string, _timeLimitMs: number): Promise<Diagnostic[] | null> {
    return null;
  }

  /** To be called when a cell has run: later cells see its names. */
  commit(_source: string): void {}

  /** Suggestions at a UTF-16 offset of a cell. */
  async complete(_source: string, cursor: number): Promise<Completion> {
    return { start: cursor, end: cursor, items: [] };
  }

  async hover(_source: string, _cursor: number): Promise<Hover | null> {
    return null;
  }

  async signature(_source: string, _cursor: number): Promise<Signature | null> {
    return null;
  }

  /** To be called when the user's process was restarted: no name of an earlier cell exists any more. */
  forget(): void {}

  /** Ends the server's process. */
  async stop(): Promise<void> {}
}
