// Errors as Jupyter shows them: ename, evalue and a traceback, the only place with ANSI colours.
import { stripVTControlCharacters } from "node:util";
import { forPeople, linesOf, positionAt } from "../cell/positions.ts";
import type { MappedStack, StackMapper } from "../cell/stack.ts";
import type { CellSyntaxError } from "../cell/syntax-error.ts";
import type { Diagnostic } from "../language/language.ts";
import type { MagicError } from "../magics/magic.ts";
import type { Outcome } from "../process/active-runs.ts";
import type { Thrown } from "../process/protocol.ts";

export interface ErrorContent extends Readonly<Record<string, unknown>> {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** In characters; of a longer line the part around the place is quoted. */
const LONGEST_LINE = 200;
const SUPPRESSED = ["[error]", "[suppressed]"];
/** In lines. */
const PAGE = 60;
/** Frames of one error: the first ones, where it happened, and the last, where it began. */
const MOST_FRAMES = 20;

const FOREIGN = [
  "/node_modules/",
  ...["lib/", "kernel/"].map((folder) => new URL(`../../${folder}`, import.meta.url).href),
];

// Front ends put errors on pink in light themes and on dark red in dark ones: this red of the 256 colours can be read on
// both, which the red, cyan and blue of the themes cannot. For places and carets bold is enough; thin signs want contrast.
const red = (text: string) => `\x1b[1;38;5;196m${text}\x1b[0m`;
const bold = (text: string) => `\x1b[1m${text}\x1b[0m`;

export function thrownError(thrown: Thrown, stacks: StackMapper): ErrorContent {
  const ename = thrown.name;
  const evalue = stripVTControlCharacters(stacks.showNames(thrown.message));
  return { ename, evalue, traceback: page(thrownLines(thrown, stacks)) };
}

/** Of a magic that is written wrongly. */
export function magicError(
  { name, message, offset }: MagicError,
  cell: string,
  source: string,
): ErrorContent {
  const { line, column } = forPeople(positionAt(source, offset ?? 0));
  const text = linesOf(source)[line - 1] ?? "";
  const where = `    at ${bold(`${cell}:${line}:${column}`)}`;
  const quote = quoteLine(text, line, column, text.length + 1);
  return { ename: name, evalue: message, traceback: [`${red(name)}: ${message}`, where, ...quote] };
}

export function syntaxError(error: CellSyntaxError): ErrorContent {
  const where = `    at ${bold(`${error.cell}:${error.line}:${error.column}`)}`;
  const quote = quoteLine(error.sourceLine, error.line, error.column, error.column + 1);
  const traceback = [`${red("SyntaxError")}: ${error.message}`, where, ...quote];
  return { ename: "SyntaxError", evalue: error.message, traceback };
}

/** All type errors of a cell in one message. */
export function typeErrors(diagnostics: readonly Diagnostic[], cell: string, source: string): ErrorContent {
  const [first] = diagnostics as [Diagnostic];
  const lines = source.split(/\r\n|\n|\r/);
  const traceback = diagnostics.flatMap((diagnostic) => {
    const { code, message, line, column, endLine, endColumn } = diagnostic;
    const text = lines[line - 1] ?? "";
    const end = endLine === line ? endColumn : text.length + 1;
    return [
      `${red(`TS${code}`)}: ${message}`,
      `    at ${bold(`${cell}:${line}:${column}`)}`,
      ...quoteLine(text, line, column, end),
    ];
  });
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
  return { ename: "TypeScriptError", evalue: `TS${first.code}: ${first.message}${more}`, traceback };
}

export function lostError(outcome: Exclude<Outcome, { status: "ok" | "error" }>): ErrorContent {
  if (outcome.status === "died") {
    const evalue = `The process of the cells is gone: ${outcome.reason}. All variables are lost; the next cell runs in a new process.`;
    return plainError("ProcessEnded", evalue);
  }
  return plainError(
    "KeyboardInterrupt",
    outcome.restarted
      ? "The cell could not be stopped, so its process was replaced. All variables are lost."
      : "The cell was interrupted.",
  );
}

export function plainError(ename: string, evalue: string): ErrorContent {
  return { ename, evalue, traceback: [`${red(ename)}: ${evalue}`] };
}

function thrownLines(thrown: Thrown, stacks: StackMapper): string[] {
  const lines: string[] = [];
  const message = stacks.showNames(thrown.message);
  const mapped = thrown.stack === null ? null : stacks.map(thrown.stack);
  lines.push(message === "" ? red(thrown.name) : `${red(thrown.name)}: ${message}`);
  if (mapped !== null) {
    const quote = quoteSource(mapped, stacks);
    for (const frame of frames(mapped)) {
      lines.push(frame.replace(/(?:Cell \[[^\]]*\]|\bexpression):\d+:\d+/, bold));
      if (isAt(frame, mapped.position)) lines.push(...quote.splice(0)); // right below its frame: many may follow
    }
  }
  if (thrown.properties !== null) lines.push(`    ${thrown.properties.replaceAll("\n", "\n    ")}`);
  const inner = (label: string | undefined, error: Thrown) => {
    const [head, ...rest] = thrownLines(error, stacks);
    lines.push(`  ${label} ${head}`, ...rest.map((line) => `  ${line}`));
  };
  if (thrown.cause !== null) inner("[cause]", thrown.cause);
  for (const [index, error] of thrown.errors.entries())
    inner(thrown.name === "SuppressedError" ? SUPPRESSED[index] : `[${index}]`, error);
  return lines;
}

/** No more than a person reads; the end is kept, where an error's causes are. */
function page(lines: readonly string[]): string[] {
  if (lines.length <= PAGE) return [...lines];
  const end = lines.slice(-PAGE / 4);
  const start = lines.slice(0, PAGE - end.length);
  return [...start, `    … ${lines.length - PAGE} more lines`, ...end];
}

/** The frames of a mapped stack that are the user's code: not those of packages, nor of this one. */
function frames(mapped: MappedStack): string[] {
  const lines = mapped.text.split("\n").filter((line) => /^\s+at /.test(line));
  return shortened(lines.filter((line) => !isForeign(line)));
}

/** `<anonymous>` as a place: code of the language itself, or of `eval`. */
function isForeign(frame: string): boolean {
  return /<anonymous>(?::\d+:\d+)?\)?$/.test(frame) || FOREIGN.some((path) => frame.includes(path));
}

/** A function that calls itself without end fills the stack with one frame. */
function shortened(frames: readonly string[]): string[] {
  const lines: string[] = [];
  for (let start = 0, end = 0; start < frames.length; start = end) {
    while (end < frames.length && frames[end] === frames[start]) end++;
    const same = end - start;
    lines.push(frames[start] as string);
    if (same > 2) lines.push(`    … ${same - 1} more of the same`);
    else if (same === 2) lines.push(frames[start] as string);
  }
  if (lines.length <= MOST_FRAMES) return lines;
  const last = lines.splice(-MOST_FRAMES / 4);
  const more = lines.splice(MOST_FRAMES - last.length);
  return [...lines, `    … ${more.length} more frames`, ...last];
}

function isAt(frame: string, position: MappedStack["position"]): boolean {
  return position !== null && frame.includes(`${position.cell}:${position.line}:${position.column}`);
}

function quoteSource(mapped: MappedStack, stacks: StackMapper): string[] {
  if (mapped.position === null) return [];
  const { cell, line, column } = mapped.position;
  const text = stacks.source(cell)?.split(/\r\n|\n|\r/)[line - 1];
  return text === undefined ? [] : quoteLine(text, line, column, column + 1);
}

/** The line and a caret under the columns from `start` up to, not including, `end`. */
function quoteLine(text: string, line: number, start: number, end: number): string[] {
  const gutter = `${" ".repeat("    at ".length)}${line} | `;
  const from = text.length > LONGEST_LINE ? Math.max(0, start - 1 - LONGEST_LINE / 2) : 0;
  const to = Math.min(text.length, from + LONGEST_LINE);
  const [left, right] = [from > 0 ? "…" : "", to < text.length ? "…" : ""];
  const indent = (left + text.slice(from, start - 1)).replace(/[^\t]/g, " ");
  const marked = Math.max(1, Math.min(end, to + 1) - start);
  return [
    gutter + left + text.slice(from, to) + right,
    `${" ".repeat(gutter.length)}${indent}${bold("^".repeat(marked))}`,
  ];
}
