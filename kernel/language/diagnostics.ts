// What the server reports of a cell's document → the type errors of the cell, in words that fit a notebook.
import type { DeclaredKind } from "../cell/compiled.ts";
import type { Cell } from "./names.ts";
import { EARLIER, type EarlierNames, FIRST_LINE } from "./prelude.ts";
import type { Diagnostic } from "./types.ts";

export interface ServerPosition {
  readonly line: number;
  readonly character: number;
}

export interface ServerRange {
  readonly start: ServerPosition;
  readonly end: ServerPosition;
}

export interface ServerDiagnostic {
  readonly code: number;
  readonly message: string;
  readonly severity: number;
  readonly range: ServerRange;
}

/** What else of the notebook the words of a message depend on. */
export interface MessageContext {
  readonly earlier: EarlierNames;
  /** How the user knows the execution behind a document. */
  labelOf(slot: number): string | undefined;
  /** Why a module was not found, in a sentence; null if it is there after all. */
  explainMissing(specifier: string): string | null;
}

/** Severities after these two are hints. */
const WARNING = 2;
/** Codes below this one are syntax errors. */
const FIRST_SEMANTIC_CODE = 2000;
const CANNOT_ASSIGN_TO_IMPORT = 2632;
const NAME_OF_BROWSERS = 2584;
const MODULE_NOT_FOUND = new Set([2307, 2882]);

export function cellDiagnostics(
  reports: readonly ServerDiagnostic[],
  cell: Cell,
  context: MessageContext,
): Diagnostic[] {
  const lines = cell.text.split("\n");
  const last = { line: lines.length - 1, character: (lines.at(-1) as string).length };
  const found: Diagnostic[] = [];
  for (const { code, message: original, severity, range } of reports) {
    if (severity > WARNING || isImplicitAny(code)) continue;
    const start = inCell(range.start);
    if (start.line < 0) continue; // the prelude
    const behind = start.line > last.line; // the line of exports: only what is missing at the end of the cell
    if (behind && code >= FIRST_SEMANTIC_CODE) continue;
    const message = reword(code, original, context);
    if (message === null) continue;
    const from = behind ? last : start;
    const end = inCell(range.end);
    const to = end.line > last.line ? last : end;
    found.push({
      code,
      message,
      line: from.line + 1,
      column: from.character + 1,
      endLine: to.line + 1,
      endColumn: to.character + 1,
    });
  }
  return found;
}

/** `// @ts-nocheck` in the comments at the top; in its document the prelude would come before it. */
export function isUnchecked(text: string): boolean {
  return /^\s*(?:\/\/.*\n\s*|\/\*[\s\S]*?\*\/\s*)*\/\/\s*@ts-nocheck\b/.test(text);
}

/** All of "implicitly has an 'any' type" but the four codes in between that are about control flow. */
function isImplicitAny(code: number): boolean {
  return code >= 7005 && code <= 7057 && !(code >= 7027 && code <= 7030);
}

function inCell({ line, character }: ServerPosition): ServerPosition {
  return { line: line - FIRST_LINE, character };
}

function reword(code: number, message: string, context: MessageContext): string | null {
  if (code === CANNOT_ASSIGN_TO_IMPORT) return rewordAssignment(message, context.earlier);
  if (code === NAME_OF_BROWSERS)
    return message.replace(/'\. .*$/s, "': a cell runs in Node, where there is no page.");
  const specifier = MODULE_NOT_FOUND.has(code) ? /'([^']*)'/.exec(message)?.[1] : undefined;
  if (specifier !== undefined) return context.explainMissing(specifier);
  return tidyTypes(message, context.labelOf);
}

const NOUNS: Partial<Record<DeclaredKind, string>> = {
  const: "a const",
  function: "a function",
  class: "a class",
  enum: "an enum",
  namespace: "a namespace",
};

/** Names of earlier cells are imports only in the documents; the user has declared a const or a function. */
function rewordAssignment(message: string, earlier: EarlierNames): string {
  const name = /'([^']*)'/.exec(message)?.[1];
  const kind = name === undefined ? undefined : earlier.get(name)?.kind;
  const noun = kind && NOUNS[kind];
  return noun ? `Cannot assign to '${name}' because it is ${noun} of an earlier cell.` : message;
}

/** `import("/home/…/__notebook_cell_3").Point` → `Point (Cell [5])`: two declarations of one name, so say which. */
export function tidyTypes(message: string, labelOf: (slot: number) => string | undefined): string {
  return message
    .replaceAll(`${EARLIER}.`, "")
    .replace(/import\("[^"]*__notebook_cell_(\d+)(?:\.ts)?"\)\.([\w$.]+)/g, (_, slot, name) => {
      return `${name} (${labelOf(Number(slot))})`;
    })
    .replace(/import\("[^"]*__notebook_\w+(?:\.ts)?"\)\.([\w$.]+)/g, "$1 (this cell)");
}
