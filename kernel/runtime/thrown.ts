// What was thrown → a description that crosses the pipe; any value can be thrown, and any getter of it can throw.
import { inspect, types } from "node:util";
import type { Thrown } from "../process/protocol.ts";
import { FailedImport, notebookMeta } from "./modules.ts";

const { SuppressedError: Suppressed, AggregateError: Aggregate } = globalThis; // a cell may delete them
const MAX_DEPTH = 5;
/** In characters; what is longer is cut. */
const LONGEST_MESSAGE = 20_000;
const LONGEST_STACK = 100_000;
/** Of an AggregateError. */
const MOST_ERRORS = 20;
const SHOWN_ELSEWHERE = new Set(["stack", "message", "name", "cause", "errors", "error", "suppressed"]);
/** The message of node:assert says all that these repeat. */
const SAID_BY_ASSERT = new Set(["generatedMessage", "code", "actual", "expected", "operator", "diff"]);

export function describeThrown(value: unknown): Thrown {
  if (!FailedImport.is(value)) return describe(value, []);
  const thrown = describe(value.thrown, []);
  return { ...thrown, stack: `${importStack(thrown.stack)}\n${value.frame}` };
}

/** Without the place of the `import()` in modules.ts, which means nothing to the user. */
function importStack(stack: string | null): string {
  const lines = stack?.split("\n") ?? [];
  return lines.filter((line) => !line.includes(`${notebookMeta.filename}:1:`)).join("\n");
}

/** `outer`: the errors whose cause or member this is. */
function describe(value: unknown, outer: readonly unknown[]): Thrown {
  try {
    return types.isNativeError(value) || (typeof value === "object" && value instanceof Error)
      ? describeError(value, outer)
      : { ...NOTHING, name: "Thrown", message: describeValue(value) };
  } catch {
    return { ...NOTHING, name: "Error", message: rawMessage(value) };
  }
}

/** Without any method: a cell may have replaced those of strings and arrays. */
function rawMessage(value: unknown): string {
  try {
    const { message } = value as Partial<Error>;
    if (typeof message === "string" && message !== "") return message;
  } catch {
    // a proxy, a getter that throws
  }
  return "a value was thrown that cannot be read";
}

/** What to do about errors that come from running a cell again. */
function adviceOn(error: Error): string {
  if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") return "";
  return (
    "\nA server that a cell has started runs until it is closed: keep it in a variable, and let the cell begin with " +
    "`server?.close()` (`let server: Server | undefined` in a cell before), or listen on port 0, which is any free port."
  );
}

const NOTHING = { stack: null, properties: null, cause: null, errors: [] };

function describeError(error: Error, outer: readonly unknown[]): Thrown {
  const message = read(error, "message");
  const cause = read(error, "cause");
  const errors = membersIn(error);
  const inner = [...outer, error];
  const isShown = (value: unknown) => inner.length <= MAX_DEPTH && !inner.includes(value);
  const text = message === undefined ? "(its message cannot be read)" : `${message}`;
  return {
    name: nameOf(error),
    message: cut(text) + adviceOn(error),
    stack: framesOf(error, text),
    properties: ownProperties(error),
    cause: cause !== undefined && isShown(cause) ? describe(cause, inner) : null,
    errors: Array.isArray(errors) ? membersOf(errors.filter(isShown), inner) : [],
  };
}

/** Of an AggregateError; of a SuppressedError the error and the one that it has suppressed. */
function membersIn(error: Error): unknown {
  if (error instanceof Aggregate) return read(error, "errors");
  return Suppressed && error instanceof Suppressed ? [read(error, "error"), read(error, "suppressed")] : [];
}

function membersOf(errors: readonly unknown[], inner: readonly unknown[]): Thrown[] {
  const members = errors.slice(0, MOST_ERRORS).map((member) => describe(member, inner));
  if (errors.length <= MOST_ERRORS) return members;
  return [...members, { ...NOTHING, name: "…", message: `${errors.length - MOST_ERRORS} more errors` }];
}

function describeValue(value: unknown): string {
  return cut(typeof value === "string" ? value : inspect(value, { depth: 2 }));
}

function read(error: Error, property: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[property];
  } catch {
    return undefined;
  }
}

/** The class, where the author of a class of errors has not thought of the name. */
function nameOf(error: Error): string {
  const name = read(error, "name");
  if (typeof name !== "string" || name === "") return "Error";
  const { constructor: type } = error;
  const isInherited = name === "Error" && typeof type === "function" && !Object.hasOwn(error, "name");
  return isInherited ? type.name || name : name;
}

/** The stack without the message at its top, whose lines could look like frames. */
function framesOf(error: Error, message: string): string | null {
  const stack = read(error, "stack");
  if (typeof stack !== "string") return null;
  const start = stack.indexOf(message);
  return (start < 0 ? stack : stack.slice(start + message.length)).slice(-LONGEST_STACK);
}

/** Getters are not run: they may throw, and inspect shows them as such. */
function ownProperties(error: Error): string | null {
  const isAssertion = (error as NodeJS.ErrnoException).code === "ERR_ASSERTION";
  const own: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    if (SHOWN_ELSEWHERE.has(key) || (isAssertion && SAID_BY_ASSERT.has(key))) continue;
    Object.defineProperty(own, key, Object.getOwnPropertyDescriptor(error, key) ?? {});
  }
  if (Object.keys(own).length === 0) return null;
  try {
    return cut(inspect(own, { depth: 1 }));
  } catch {
    return null;
  }
}

function cut(text: string): string {
  if (text.length <= LONGEST_MESSAGE) return text;
  return `${text.slice(0, LONGEST_MESSAGE)}… (${text.length - LONGEST_MESSAGE} more characters)`;
}
