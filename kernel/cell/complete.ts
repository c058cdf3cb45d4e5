// Is a cell ready to run, or does the user have to go on writing? (Jupyter's is_complete_request)
//
// The parser decides: an error at the very end of the text means that something is missing there. What swallows the
// rest of the text (a template, a comment) and the open brackets are found by writing their ends behind the text and
// parsing again.
import { normalise, parseTypeScript } from "./source.ts";

export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  /** What the next line should start with; only of use when incomplete. */
  readonly indent: string;
}

/** Ends on a line of their own: strings and regular expressions that lack theirs stay wrong. */
const TEMPLATE_END = "\n`";
const OTHER_ENDS = ["\n*/", '\n"', "\n'"];

/** Ends of brackets, with something in front or behind for brackets that may not be empty or stand alone. */
const BRACKET_ENDS = ["}", ")", "]"].flatMap((end) => [`\n${end}`, `\n0${end}`, `\nx:0${end}`, `\n${end}=0`]);

export function isComplete(source: string): Completeness {
  const text = normalise(source);
  switch (stateOf(text)) {
    case "complete":
      return { status: "complete", indent: "" };
    case "unfinished":
      return { status: "incomplete", indent: nextIndent(text) };
    case "invalid":
      if (canEndWith(text, TEMPLATE_END)) return { status: "incomplete", indent: "" };
      if (OTHER_ENDS.some((end) => canEndWith(text.trimEnd(), end)))
        return { status: "incomplete", indent: lastIndent(text) };
      return { status: "invalid", indent: "" };
  }
}

function stateOf(text: string): "complete" | "unfinished" | "invalid" {
  const { program, errors } = parseTypeScript(text);
  const end = text.trimEnd().length;
  if (errors.length > 0) {
    const atEnd = errors.every(({ labels }) => (labels[0]?.start ?? 0) >= end);
    return atEnd && end > 0 ? "unfinished" : "invalid";
  }
  // `function f()` is an overload for the parser, but for a person it waits for its body.
  const last = program.body.at(-1);
  const isHead = last?.type === "TSDeclareFunction" && !last.declare && last.end === end;
  return isHead && !text.slice(0, end).endsWith(";") ? "unfinished" : "complete";
}

function canEndWith(text: string, end: string): boolean {
  return stateOf(text + end) !== "invalid";
}

/** As the last line, and one step more if that line opens a bracket. */
function nextIndent(text: string): string {
  const written = text.trimEnd();
  const lineStart = written.lastIndexOf("\n") + 1;
  const opens = openBrackets(written) > openBrackets(written.slice(0, lineStart));
  return lastIndent(written) + (opens ? "  " : "");
}

function lastIndent(text: string): string {
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  return line.slice(0, line.length - line.trimStart().length);
}

function openBrackets(text: string): number {
  let count = 0;
  let closed = text;
  while (stateOf(closed) === "unfinished") {
    const end = BRACKET_ENDS.find((candidate) => canEndWith(closed, candidate));
    if (!end) break;
    closed += end;
    count++;
  }
  return count;
}
