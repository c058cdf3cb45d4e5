// Arguments from outside that are neither tensors nor shapes, checked: functions and options.
import { describe } from "./shape.ts";

/** Refuses what is no function; a value that may have come out of one gets the hint not to call it. */
export function checkFunction(operation: string, value: unknown, example: string): void {
  if (typeof value === "function") return;
  const called = typeof value === "number" || (typeof value === "object" && value !== null);
  const hint = called ? "; give the function itself, f, not what it returns, f(x)" : "";
  throw new TypeError(`${operation}: takes a function, such as ${example}, got ${describe(value)}${hint}`);
}

/** Refuses options that are no object: in plain JavaScript they would be passed over without a word. */
export function checkOptions(operation: string, options: unknown, example: string): void {
  const plain = typeof options === "object" && options !== null && !Array.isArray(options);
  // A tensor is asked for its name, since this file knows no class of it.
  if (plain && !("then" in options) && options.constructor?.name !== "Tensor") return;
  throw new TypeError(`${operation}: options are written like ${example}, got ${describe(options)}`);
}
