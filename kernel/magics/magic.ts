// What a magic is: a line such as `%cd data` that tells the notebook something, between lines of TypeScript.

import type { Payload } from "../process/protocol.ts";

/** A magic that cannot do what it says; `offset` is where in the cell, if it is known before the cell runs. */
export class MagicError extends Error {
  override readonly name = "MagicError";
  readonly offset: number | null;

  constructor(message: string, offset: number | null = null) {
    super(message);
    this.offset = offset;
  }
}

/** The cells' process, as a magic that runs there sees it. */
export interface UserSide {
  print(text: string, stream?: "stdout" | "stderr"): void;
  display(data: Readonly<Record<string, string>>): void;
  payload(payload: Payload): void;
  /** Calls `stop` if the cell is interrupted; the returned function takes that back. */
  whenStopped(stop: () => void): () => void;
}

/** When type errors stop a cell, are only shown, or not looked for. */
export type TypecheckPolicy = "error" | "warn" | "off";

/** The kernel, as a magic that runs there sees it. */
export interface KernelSide {
  typecheck: TypecheckPolicy;
  /** Gives the cells a new process, which knows no names. */
  restartUser(): void;
}

/** A name of the notebook with its present value; a type has none. */
export type NamedValue = readonly [name: string, kind: string, value?: unknown];

export interface Magic {
  readonly name: string;
  /** `%` for a line among others, `%%` for one that is about the whole cell. */
  readonly marks: readonly ("%" | "%%")[];
  /** The ways to write it. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  /** What more there is to know. */
  readonly details?: string;
  /** What may stand behind it; with `rest` TypeScript, which is not the magic's to judge. */
  readonly argument: RegExp | "rest";
  /** What the argument names, to complete it. */
  readonly completes?: "file" | "folder" | readonly string[];
  /** In the kernel, before the cell is checked and compiled; gives the text to print. */
  readonly prepare?: (kernel: KernelSide, argument: string) => string;
  /** In the cells' process, in its turn; `extra` is the rest of the cell, or the names of the notebook. */
  readonly run?: (user: UserSide, argument: string, extra: MagicExtra) => void | Promise<void>;
}

export interface MagicExtra {
  /** The lines below a magic for the whole cell. */
  readonly body?: string;
  readonly names?: readonly NamedValue[];
}
