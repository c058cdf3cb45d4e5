// What the kernel and the user's process say to each other: one JSON object a line, see lines.ts.
import type { RunnableCell } from "../cell/compile.ts";

/** A value as Jupyter shows it: one representation a MIME type, `text/plain` always among them. */
export interface Shown {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Something that was thrown, taken apart so that it crosses the pipe. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  /** The stack as V8 wrote it; null if what was thrown is not an error. */
  readonly stack: string | null;
  /** The error's own properties, such as `code`, printed; null if it has none. */
  readonly properties: string | null;
  readonly cause: Thrown | null;
  /** The errors of an AggregateError. */
  readonly errors: readonly Thrown[];
}

/** Tells the front end to do something once the cell has run: to show a page, to replace the cell's text. */
export interface Payload {
  readonly source: "page" | "set_next_input";
  readonly [field: string]: unknown;
}

export type DisplayMessage = "display_data" | "update_display_data" | "clear_output";

/** Data pipe, to the user's process. */
export interface RunRequest {
  readonly type: "run";
  readonly run: number;
  readonly cell: RunnableCell;
}

/** Data pipe, to the user's process: what became of a question. */
export interface InputReply {
  readonly type: "input_reply";
  readonly id: number;
  readonly answer: Answer;
}

export type Answer =
  | { readonly status: "ok"; readonly value: string }
  /** The person has ended the input instead of answering. */
  | { readonly status: "end" }
  | { readonly status: "refused"; readonly reason: string };

export type CommMessageType = "comm_open" | "comm_msg" | "comm_close";

/** A message of a comm, in either direction. */
export interface CommMessage {
  readonly type: "comm";
  readonly run: number | null;
  readonly message: CommMessageType;
  readonly id: string;
  readonly target: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

/** Data pipe, to the user's process; what its handler does is a run, as a cell is. */
export interface CommDelivery extends CommMessage {
  readonly run: number;
}

export type ToUser = RunRequest | CommDelivery | InputReply;

/**
 * Control pipe, read by the sidecar thread at any time: stop what runs, up to this run, then ask the main thread for a
 * pong.
 */
export interface InterruptRequest {
  readonly type: "interrupt";
  readonly run: number;
}

/**
 * Control pipe, answered on it by the sidecar thread also while a cell runs: what is a value like? Nothing of the user's
 * runs for it. The value is that of a slot, or (`slot` null) that of the global name in the first step.
 */
export interface LookRequest {
  readonly type: "look";
  readonly id: number;
  readonly slot: string | null;
  /** From there to a value inside. */
  readonly steps: readonly LookStep[];
}

export interface LookStep {
  /** A property, or what a Map has under the key. */
  readonly of: "global" | "property" | "map";
  readonly key: string | number;
}

/** A value seen from outside. */
export interface Look {
  /** One short line. */
  readonly preview: string;
  /** An object as literals make them, neither an array nor an instance of a class. */
  readonly plain: boolean;
  /** Those of Object.prototype, which every object has, are left out. */
  readonly members: readonly LookMember[];
  /** If it is a Map: its keys that are strings. */
  readonly mapKeys: readonly string[];
}

export interface LookMember {
  readonly name: string;
  readonly type: "property" | "function" | "class";
  /** Of the value itself, not of what it inherits from. */
  readonly own: boolean;
}

/** Control pipe, from the user's process. `look` is null if there is no such value. */
export interface LookReply {
  readonly id: number;
  readonly look: Look | null;
}

/** Output of a run. `run` is null if the code that wrote it belongs to no known run. */
export type Output =
  | {
      readonly type: "stream";
      readonly run: number | null;
      readonly name: "stdout" | "stderr";
      readonly text: string;
    }
  | {
      readonly type: "display";
      readonly run: number | null;
      readonly message: DisplayMessage;
      readonly content: Readonly<Record<string, unknown>>;
    }
  /** An exception that nothing caught: thrown by a timer, an event, a promise. */
  | { readonly type: "uncaught"; readonly run: number | null; readonly error: Thrown };

/** A question to the person at the front end. `id` is for the reply. */
export interface InputRequest {
  readonly type: "input";
  readonly run: number | null;
  readonly id: number;
  readonly prompt: string;
  readonly password: boolean;
}

/** Front ends can open comms of this target from now on, or no longer. */
export interface CommTarget {
  readonly type: "comm_target";
  readonly target: string;
  readonly registered: boolean;
}

/** What the user's code asks of the kernel. */
export type UserRequest = InputRequest | CommMessage | CommTarget;

export type RunEnd =
  | { readonly status: "ok"; readonly result: Shown | null; readonly payload: readonly Payload[] }
  | { readonly status: "error"; readonly error: Thrown };

/** Data pipe, from the user's process. */
export type FromUser =
  | { readonly type: "ready" }
  | { readonly type: "end"; readonly run: number; readonly end: RunEnd }
  /** Nothing of the runs up to this one is running any more. */
  | { readonly type: "pong"; readonly run: number }
  /** For the kernel's log: warnings of Node. */
  | { readonly type: "log"; readonly text: string }
  | Output
  | UserRequest;
