// Which value, or which path, is meant by the text before the cursor, also while the line does not parse yet.
import fs from "node:fs";
import type { LookStep } from "../process/protocol.ts";

/** A value: that of a name, or one that is reached from it by `.a`, `[0]`, `["b"]` and, from a Map, `.get("c")`. */
export interface ValuePlace {
  readonly name: string;
  /** Where the name stands. */
  readonly nameAt: number;
  readonly steps: readonly LookStep[];
}

/** A value whose members, or keys, are wanted. */
export interface MemberPlace extends ValuePlace {
  readonly wanted: "members" | "keys" | "map keys";
  /** Where the text begins that has been typed of the member. */
  readonly start: number;
}

export interface PathPlace {
  /** The folder as it is written, with its slash; empty if only a name has been typed. */
  readonly folder: string;
  readonly start: number;
}

/** So far back is looked for the begin of an expression. */
const LONGEST = 1000;

const WORD = "[\\p{ID_Start}$_][\\p{ID_Continue}$\\u200c\\u200d]*";
const TEXT = "(?:\"[^\"\\\\\\n]*\"|'[^'\\\\\\n]*'|`[^`\\\\$\\n]*`)";
const KEY = `\\s*(?:\\d+|${TEXT})\\s*`;
const STEPS = `(?:\\s*!?\\s*\\??\\.\\s*get\\(${KEY}\\)|\\s*!?\\s*\\??\\.\\s*${WORD}|!?(?:\\?\\.)?\\[${KEY}\\])*`;
const VALUE = `(?<![\\p{ID_Continue}$]|(?<!\\.\\.)\\.\\s*)(?<name>${WORD})(?<steps>${STEPS})`;

const EXPRESSION = new RegExp(`${VALUE}$`, "u");
const MEMBER = new RegExp(`${VALUE}\\s*!?\\s*\\??\\.\\s*(?<typed>[\\p{ID_Continue}$]*)$`, "u");
const ELEMENT = new RegExp(`${VALUE}!?(?:\\?\\.)?\\[\\s*["'\`](?<typed>[^"'\`\\\\\\n]*)$`, "u");
const MAP_KEY = new RegExp(
  `${VALUE}\\s*!?\\s*\\??\\.\\s*(?:get|has|delete)\\(\\s*["'\`](?<typed>[^"'\`\\\\\\n]*)$`,
  "u",
);
const STEP = new RegExp(
  `\\.\\s*get\\((?<mapKey>${KEY})\\)|\\.\\s*(?<word>${WORD})|\\[(?<key>${KEY})\\]`,
  "gu",
);

export function memberPlace(text: string, cursor: number): MemberPlace | null {
  for (const [pattern, wanted] of [
    [MEMBER, "members"],
    [MAP_KEY, "map keys"],
    [ELEMENT, "keys"],
  ] as const) {
    const found = match(pattern, text, cursor);
    if (found) return { ...found.value, wanted, start: cursor - (found.typed?.length ?? 0) };
  }
  return null;
}

/** The value whose last name or key ends at the cursor, or goes on behind it. */
export function valuePlace(text: string, cursor: number): ValuePlace | null {
  const rest = /^[\p{ID_Continue}$\u200c\u200d]*/u.exec(text.slice(cursor))?.[0] ?? "";
  return match(EXPRESSION, text, cursor + rest.length)?.value ?? null;
}

function match(pattern: RegExp, text: string, end: number) {
  const from = Math.max(0, end - LONGEST);
  const found = pattern.exec(text.slice(from, end));
  if (!found?.groups) return null;
  const { name = "", steps = "", typed } = found.groups;
  return { value: { name, nameAt: from + found.index, steps: [...steps.matchAll(STEP)].map(step) }, typed };
}

function step({ groups: { mapKey, word, key } = {} }: RegExpExecArray): LookStep {
  if (mapKey !== undefined) return { of: "map", key: literal(mapKey) };
  return { of: "property", key: word ?? literal(key as string) };
}

function literal(written: string): string | number {
  const text = written.trim();
  return /^\d/.test(text) ? Number(text) : text.slice(1, -1);
}

const TAKES_PATH = new Set(
  Object.entries(fs).flatMap(([name, value]) => (typeof value === "function" ? [name] : [])),
);

/** A text that is a path: it begins like one, or is what a function of `node:fs` is given. */
export function pathPlace(text: string, cursor: number): PathPlace | null {
  const line = text.slice(text.lastIndexOf("\n", cursor - 1) + 1, cursor);
  const quote = openQuote(line);
  if (quote === null) return null;
  const typed = line.slice(quote + 1);
  const call = /([\w$]+)\(\s*$/.exec(line.slice(0, quote))?.[1];
  if (!/^\.{0,2}\//.test(typed) && !(call && TAKES_PATH.has(call))) return null;
  if (/[\\\0]|\$\{/.test(typed)) return null;
  const folder = typed.slice(0, typed.lastIndexOf("/") + 1);
  return { folder, start: cursor - typed.length + folder.length };
}

/** Where the string that is open at the end of a line begins; null if there is none, or in a comment. */
function openQuote(line: string): number | null {
  let open: number | null = null;
  for (let at = 0; at < line.length; at++) {
    const sign = line[at] as string;
    if (open !== null) {
      if (sign === "\\") at++;
      else if (sign === line[open]) open = null;
    } else if (sign === "/" && line[at + 1] === "/") return null;
    else if (/["'`]/.test(sign)) open = at;
  }
  return open;
}
