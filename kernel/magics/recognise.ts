// Which lines of a cell are magics. TypeScript wins: a line is one only where a statement may begin, and only if it
// cannot be meant as TypeScript. `a⏎%b` is a remainder, `!done` a negation if there is something named `done`.
import type { Program } from "oxc-parser";
import type { DeclaredName } from "../cell/compiled.ts";
import { namesOf } from "../cell/names.ts";
import { normalise, parseTypeScript } from "../cell/source.ts";
import { magicNamed } from "./table.ts";

export interface FoundMagic {
  readonly kind: "line" | "cell" | "command" | "help";
  /** As written behind the marks: `time`; of help, what it is asked about. */
  readonly name: string;
  readonly argument: string;
  /** From the first sign up to, not including, the end of the line. */
  readonly start: number;
  readonly end: number;
  readonly argumentStart: number;
  /** Nothing but comments and empty lines stands before it. */
  readonly first: boolean;
  /** What the cell has declared before it. */
  readonly declared: readonly DeclaredName[];
}

/** A name of the notebook or of the global scope. */
export type IsKnown = (name: string) => boolean;

const WORD = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*";
const CANDIDATE = /^\uFEFF?[ \t]*(?:%{1,2}[A-Za-z]|!|[\p{ID_Start}$_%][^\n]*\?[ \t]*\r?$)/mu;
const PERCENT = /^(%{1,2})([A-Za-z][^\s?]*)[ \t]*/;
const HELP = new RegExp(`^(%{0,2}${WORD}(?:\\.${WORD})*)\\?{1,2}$`, "u");
const NEGATION = new RegExp(`^!\\s*(${WORD})`, "u");
const KEYWORDS = new Set(
  "async await class delete false function import new null super this true typeof void".split(" "),
);

/** In characters, half a second; what would take longer is no cell that a person has written. */
const MOST_PARSED = 500_000;
/** The shortest text takes as long as one of so many characters. */
const SHORTEST_PARSED = 50;
/** One of them must come before the end of what holds a line that is no statement: template, comment, brackets. */
const ENDS = /[`})\]]|\*\//;
/** A statement that is longer than this is not looked for where a magic could stand. */
const MOST_LINES = 200;

export function findMagics(source: string, isKnown: IsKnown): FoundMagic[] {
  return CANDIDATE.test(source) ? new Finder(source, isKnown).find() : [];
}

class TooLong extends Error {}

class Finder {
  readonly #source: string;
  readonly #isKnown: IsKnown;
  readonly #found: FoundMagic[] = [];
  readonly #declared: DeclaredName[] = [];
  /** Behind the latest magic. */
  #segment = 0;
  #isFirst = true;
  /** Where lines were met in the middle of a statement, since the latest that begins one. */
  #inside: number[] = [];
  #parsed = 0;

  constructor(source: string, isKnown: IsKnown) {
    this.#source = source;
    this.#isKnown = isKnown;
  }

  find(): FoundMagic[] {
    try {
      this.#findAll();
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
    }
    return this.#found;
  }

  #findAll(): void {
    this.#segment = this.#source.startsWith("\uFEFF") ? 1 : 0;
    for (let at = this.#segment; at < this.#source.length; ) {
      const end = this.#lineEnd(at);
      const line = this.#source.slice(at, end);
      const start = at + line.length - line.trimStart().length;
      const next = CANDIDATE.test(line) ? this.#read(start, end) : null;
      at = (next ?? end) + 1;
      if (next !== null) this.#segment = Math.min(at, this.#source.length);
    }
  }

  /** Reads a line that may be a magic; gives where it ends if it is one. */
  #read(start: number, end: number): number | null {
    const before = this.#statementsBefore(start);
    if (before === null) return null;
    const last = this.#readMagic(before, start, end);
    const statement = before.body.at(-1);
    if (last !== null || statement === undefined) return last;
    // What is still open is only the latest statement, which this line may go on with.
    this.#declared.push(...namesOf({ ...before, body: before.body.slice(0, -1) }));
    this.#segment += statement.start;
    this.#isFirst = false;
    return null;
  }

  /** Null if the line stands within a statement. */
  #statementsBefore(start: number): Program | null {
    const [first, second] = this.#inside.slice(-2);
    const isStillInside =
      first !== undefined && second !== undefined && !ENDS.test(this.#source.slice(second, start));
    const before = isStillInside ? null : this.#parse(this.#source.slice(this.#segment, start));
    if (before !== null) this.#inside = [];
    else if (!isStillInside) this.#inside.push(start);
    return before;
  }

  #readMagic(before: Program, start: number, end: number): number | null {
    const text = this.#source.slice(start, end).trimEnd();
    const names = namesOf(before);
    const declared = [...this.#declared, ...names];
    const isKnown = (name: string) =>
      KEYWORDS.has(name) || this.#isKnown(name) || declared.some((known) => known.name === name);
    const first = this.#isFirst && before.body.length === 0;
    const add = (magic: Pick<FoundMagic, "kind" | "name" | "argumentStart">, last: number) => {
      const argument = this.#source.slice(magic.argumentStart, last).trim();
      this.#found.push({ ...magic, argument, start, end: last, first, declared });
      this.#declared.push(...names);
      this.#isFirst = false;
      return magic.kind === "cell" && magic.name === "writefile" ? this.#source.length : last;
    };

    const help = HELP.exec(text);
    if (help !== null) {
      if (!text.startsWith("%") && this.#isStatement(start, end)) return null; // ⏎ a : b
      return add(
        { kind: "help", name: help[1] as string, argumentStart: start + text.length },
        start + text.length,
      );
    }
    if (text.startsWith("!")) {
      if (!this.#isCommand(text, start, end, isKnown)) return null;
      let last = end; // a backslash at the end of a line: the command goes on
      while (/\\\r?$/.test(this.#source.slice(start, last)) && last < this.#source.length)
        last = this.#lineEnd(last + 1);
      return add({ kind: "command", name: "!", argumentStart: start + 1 }, this.#withoutReturn(last));
    }
    const percent = PERCENT.exec(text);
    if (percent === null) return null;
    const [written, marks, name] = percent as unknown as [string, string, string];
    if (marks === "%" && this.#isRemainder(before, name, start, end, isKnown)) return null;
    const argumentStart = start + written.length;
    if (marks === "%%") return add({ kind: "cell", name, argumentStart }, this.#withoutReturn(end));
    if (name !== "time") return add({ kind: "line", name, argumentStart }, this.#withoutReturn(end));
    const last = this.#statementEnd(argumentStart, end) ?? this.#withoutReturn(end);
    const timed = this.#parse(this.#source.slice(argumentStart, last));
    const result = add({ kind: "line", name, argumentStart }, last);
    if (timed !== null) this.#declared.push(...namesOf(timed));
    return result;
  }

  /** `!word …`: TypeScript if the word is a known name and a statement begins here, or if a function is called. */
  #isCommand(text: string, start: number, end: number, isKnown: IsKnown): boolean {
    if (/^!\s*(?:!|$)/.test(text)) return false;
    const word = NEGATION.exec(text)?.[1];
    if (word !== undefined && !isKnown(word)) return !(/\(|[=!]=/.test(text) && this.#parse(text) !== null);
    if (word === undefined && /^!\s*\/[^(]*$/.test(text)) return true; // a path, not a regular expression
    return !this.#isStatement(start, end);
  }

  /** The line goes on with the expression before it, and is not a magic's name that nothing else is named. */
  #isRemainder(before: Program, name: string, start: number, end: number, isKnown: IsKnown): boolean {
    const last = before.body.at(-1);
    if (last === undefined) return false;
    if (this.#parse(`${this.#source.slice(this.#segment + last.start, start)}%0`) === null) return false;
    if (magicNamed(name) !== undefined && !isKnown(name)) return false;
    return this.#isStatement(start, end, "0");
  }

  #isStatement(start: number, end: number, before = ""): boolean {
    return this.#statementEnd(start, end, before) !== null;
  }

  /** Where the statements end that begin at `start`: at the end of the first line up to which the text can be read. */
  #statementEnd(start: number, firstEnd: number, before = ""): number | null {
    let end = firstEnd;
    for (let lines = 0; lines < MOST_LINES; lines++) {
      if (this.#parse(before + this.#source.slice(start, end)) !== null) return this.#withoutReturn(end);
      if (end >= this.#source.length) return null;
      end = this.#lineEnd(end + 1);
    }
    return null;
  }

  #parse(text: string): Program | null {
    this.#parsed += text.length + SHORTEST_PARSED;
    if (this.#parsed > Math.max(MOST_PARSED, 4 * this.#source.length)) throw new TooLong();
    const { program, errors } = parseTypeScript(normalise(text));
    return errors.length > 0 ? null : program;
  }

  #lineEnd(from: number): number {
    const end = this.#source.indexOf("\n", from);
    return end < 0 ? this.#source.length : end;
  }

  #withoutReturn(end: number): number {
    return this.#source[end - 1] === "\r" ? end - 1 : end;
  }
}
