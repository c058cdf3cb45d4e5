// Is a cell ready to run, or does the user have to go on writing? (Jupyter's is_complete_request)
//
// The parser decides: an error at the very end of the text means that something is missing there. What swallows the
// rest of the text (a template, a comment), and what the parser reports further up, is found by writing an end behind
// the text and parsing again.
import { commentIndent, lastIndent, nextIndent } from "./indent.ts";
import { normalise, parseTypeScript } from "./source.ts";

export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  /** What the next line should start with; only of use when incomplete. */
  readonly indent: string;
}

/** Ends on a line of their own: strings and regular expressions that lack theirs stay wrong. */
const TEMPLATE_END = "\n`";
const COMMENT_END = "\n*/";
const STRING_ENDS = ['\n"', "\n'"];
const NAME = "\nx";
/** Something is missing here too, but no further line can bring it. */
const HALF_A_TOKEN = /(?:\b0[xbo]|\d_|\d\.?e[+-]?|#|\bthrow)$/i;

export function isComplete(source: string): Completeness {
  const text = normalise(source);
  const written = text.trimEnd();
  switch (stateOf(text)) {
    case "complete":
      return { status: "complete", indent: "" };
    case "unfinished":
      if (HALF_A_TOKEN.test(written)) return { status: "invalid", indent: "" };
      return { status: "incomplete", indent: nextIndent(text) };
    case "invalid":
      if (canEndWith(text, TEMPLATE_END)) return { status: "incomplete", indent: "" };
      if (canEndWith(text, COMMENT_END)) return { status: "incomplete", indent: commentIndent(text) };
      if (STRING_ENDS.some((end) => canEndWith(written, end)))
        return { status: "incomplete", indent: lastIndent(text) };
      if (canEndWith(written, NAME)) return { status: "incomplete", indent: nextIndent(text) };
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
