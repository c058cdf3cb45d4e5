// What was thrown → a description that crosses the pipe; any value can be thrown, and any getter of it can throw.
import { inspect, types } from "node:util";
import type { Thrown } from "../process/protocol.ts";

const MAX_DEPTH = 5;
/** In characters; what is longer is cut. */
const LONGEST_MESSAGE = 20_000;
const LONGEST_STACK = 100_000;
const SHOWN_ELSEWHERE = new Set(["stack", "message", "name", "cause", "errors"]);

export function describeThrown(value: unknown): Thrown {
  return describe(value, []);
}

/** `outer`: the errors whose cause or member this is. */
function describe(value: unknown, outer: readonly unknown[]): Thrown {
  try {
    return types.isNativeError(value) || (typeof value === "object" && value instanceof Error)
      ? describeError(value, outer)
      : { ...NOTHING, name: "Thrown", message: describeValue(value) };
  } catch {
    return { ...NOTHING, name: "Error", message: "a value was thrown that cannot be read" };
  }
}

const NOTHING = { stack: null, properties: null, cause: null, errors: [] };

function describeError(error: Error, outer: readonly unknown[]): Thrown {
  const message = read(error, "message");
  const cause = read(error, "cause");
  const errors = error instanceof AggregateError ? read(error, "errors") : [];
  const inner = [...outer, error];
  const isShown = (value: unknown) => inner.length <= MAX_DEPTH && !inner.includes(value);
  const text = message === undefined ? "(its message cannot be read)" : `${message}`;
  return {
    name: nameOf(error),
    message: cut(text),
    stack: framesOf(error, text),
    properties: ownProperties(error),
    cause: cause !== undefined && isShown(cause) ? describe(cause, inner) : null,
    errors: Array.isArray(errors) ? errors.filter(isShown).map((member) => describe(member, inner)) : [],
  };
}

function describeValue(value: unknown): string {
  return cut(typeof value === "string" ? value : inspect(value, { depth: 2 }));
}

function read(error: Error, property: keyof Error | "errors"): unknown {
  try {
    return (error as Error & { errors?: unknown })[property];
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

function ownProperties(error: Error): string | null {
  const own = Object.entries(error).filter(([key]) => !SHOWN_ELSEWHERE.has(key));
  return own.length > 0 ? cut(inspect(Object.fromEntries(own), { depth: 1 })) : null;
}

function cut(text: string): string {
  if (text.length <= LONGEST_MESSAGE) return text;
  return `${text.slice(0, LONGEST_MESSAGE)}… (${text.length - LONGEST_MESSAGE} more characters)`;
}
