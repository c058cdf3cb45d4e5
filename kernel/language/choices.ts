// A string that is none of those allowed, such as a misspelt option: which ones are, and which was probably meant.
import type { ServerItem } from "./completion.ts";
import { closest } from "./spelling.ts";
import type { Diagnostic } from "./types.ts";

/** "Type … is not assignable" for an assigned value and for an argument; with a proposal of its own it is another code. */
const NOT_ASSIGNABLE = new Set([2322, 2345]);
const CONSTANT = 21;
/** More are not listed; then the one that was probably meant is told alone. */
const MOST_CHOICES = 24;

/** The string literal that a type error is about, and the offset behind its opening quote. */
export function misspelt({ code, message, line, column }: Diagnostic, text: string) {
  const value = NOT_ASSIGNABLE.has(code) ? /^\w+(?: of type)? '"([^"\\]*)"'/.exec(message)?.[1] : undefined;
  if (value === undefined) return null;
  const lines = text.split("\n").slice(0, line - 1);
  const from = lines.join("\n").length + (lines.length > 0 ? 1 : 0) + column - 1;
  const quoted = [`"${value}"`, `'${value}'`, `\`${value}\``].map((literal) => text.indexOf(literal, from));
  const start = Math.min(...quoted.filter((offset) => offset >= 0));
  return Number.isFinite(start) ? { value, start: start + 1 } : null;
}

export function isStringChoice({ kind }: ServerItem): boolean {
  return kind === CONSTANT;
}

export function messageWithChoices(message: string, value: string, choices: readonly string[]): string {
  if (choices.length === 0) return message;
  const meant = closest(value, choices);
  const [first] = message.split("\n") as [string];
  if (choices.length > MOST_CHOICES) return meant ? `${first} Did you mean ${quote(meant)}?` : message;
  return `${first} It can be ${choices.map(quote).join(", ")}${meant ? `; did you mean ${quote(meant)}?` : "."}`;
}

function quote(text: string): string {
  return `"${text}"`;
}
