// What was thrown → a description that crosses the pipe; any value can be thrown, and any getter of it can throw.
import { inspect, types } from "node:util";
import type { Thrown } from "../process/protocol.ts";

const MAX_DEPTH = 5;
const SHOWN_ELSEWHERE = new Set(["stack", "message", "name", "cause", "errors"]);

export function describeThrown(value: unknown, depth = 0): Thrown {
  try {
    return types.isNativeError(value) || value instanceof Error
      ? describeError(value, depth)
      : describeValue(value);
  } catch (error) {
    const message = `a value was thrown that cannot be read (${String(error)})`;
    return { name: "Error", message, stack: null, properties: null, cause: null, errors: [] };
  }
}

function describeError(error: Error, depth: number): Thrown {
  const inner = depth < MAX_DEPTH;
  const errors = error instanceof AggregateError && inner ? error.errors : [];
  return {
    name: String(error.name || "Error"),
    message: String(error.message),
    stack: typeof error.stack === "string" ? error.stack : null,
    properties: ownProperties(error),
    cause: inner && error.cause !== undefined ? describeThrown(error.cause, depth + 1) : null,
    errors: errors.map((member) => describeThrown(member, depth + 1)),
  };
}

function describeValue(value: unknown): Thrown {
  const message = typeof value === "string" ? value : inspect(value, { depth: 2 });
  return { name: "Thrown", message, stack: null, properties: null, cause: null, errors: [] };
}

function ownProperties(error: Error): string | null {
  const own = Object.entries(error).filter(([key]) => !SHOWN_ELSEWHERE.has(key));
  return own.length > 0 ? inspect(Object.fromEntries(own), { depth: 1 }) : null;
}
