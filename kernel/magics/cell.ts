// A cell with its magics taken apart: a text for the type check, in which everything stands where it stood, and one to
// run, in which calls take the place of the magics.

import type { CellCompiler, CellPosition, CompiledCell } from "../cell/compile.ts";
import { CellSyntaxError } from "../cell/compile.ts";
import type { DeclaredKind } from "../cell/compiled.ts";
import { linesOf, positionAt } from "../cell/positions.ts";
import { normalise, parseTypeScript } from "../cell/source.ts";
import { Edits } from "./edits.ts";
import { type KernelSide, type Magic, MagicError } from "./magic.ts";
import { type FoundMagic, findMagics, type IsKnown } from "./recognise.ts";
import { magicNamed, unknownMagic } from "./table.ts";

/** The global in the cells' process that runs magics; its last letter is invisible, so no cell has such a name. */
export const CALLED = "$magic\u200c";

/** Names of earlier cells and what they are. */
export type KnownKinds = ReadonlyMap<string, { readonly kind: DeclaredKind }>;

export class MagicCell {
  readonly source: string;
  readonly magics: readonly FoundMagic[];
  /** TypeScript as long as the source, line by line: for questions about the cell's code. */
  readonly text: string;

  constructor(source: string, isKnown: IsKnown) {
    this.source = source;
    this.magics = findMagics(source, isKnown);
    const edits = new Edits(source);
    for (const magic of this.magics) {
      const end = hidesArgument(magic) ? magic.end : magic.argumentStart;
      edits.replace(magic.start, end, neutral(source.slice(magic.start, end), magic.first));
      if (isWritefile(magic)) edits.replace(magic.end, source.length, neutral(source.slice(magic.end), true));
    }
    this.text = edits.apply();
  }

  /** The names that help is asked about. */
  get questions(): readonly FoundMagic[] {
    return this.magics.filter(({ kind }) => kind === "help");
  }

  /** The person is still writing: the lines below a magic for the whole cell, which end with an empty one, or a command. */
  get isUnfinished(): boolean {
    const last = this.magics.at(-1);
    if (last?.kind === "cell" && this.magics.length === 1) {
      const body = this.source.slice(last.end);
      return body.trim() === "" || (last.name === "writefile" && !/\n[ \t]*$/.test(body));
    }
    return last?.kind === "command" && last.end === this.source.length && last.argument.endsWith("\\");
  }

  /** Throws a MagicError if one of the magics is none, or is not written as it has to be. */
  check(): void {
    for (const found of this.magics) {
      try {
        checkMagic(found);
      } catch (error) {
        if (error instanceof MagicError) throw new MagicError(error.message, found.start);
        throw error;
      }
    }
  }

  /** Carries out what concerns the kernel, before the rest; gives what each of these magics has to say. */
  prepare(kernel: KernelSide): Map<FoundMagic, string> {
    const said = new Map<FoundMagic, string>();
    for (const found of this.magics) {
      const text = found.kind === "line" && magicNamed(found.name)?.prepare?.(kernel, found.argument);
      if (text) said.set(found, text);
    }
    return said;
  }

  /** `known` are the names for a magic that lists them, `said` is what `prepare` gave. */
  async compile(
    compiler: CellCompiler,
    name: string,
    said: ReadonlyMap<FoundMagic, string>,
    known: KnownKinds,
  ): Promise<CompiledCell> {
    if (this.magics.length === 0) {
      return compiler.compile(this.source, name).catch((error) => {
        throw error instanceof CellSyntaxError ? hinted(error, error, error.sourceLine) : error;
      });
    }
    const edits = this.#edits(said, known);
    const script = edits.apply();
    const placed = ({ line, column }: CellPosition): CellPosition => {
      const at = positionAt(this.source, edits.before(offsetAt(script, line, column)));
      return { line: at.line, column: at.column + 1 };
    };
    try {
      const compiled = await compiler.compile(script, name);
      return {
        ...compiled,
        originalPosition(line, column) {
          const position = compiled.originalPosition(line, column);
          return position && placed(position);
        },
      };
    } catch (error) {
      if (!(error instanceof CellSyntaxError)) throw error;
      const at = placed(error);
      throw hinted(error, at, linesOf(this.source)[at.line - 1] ?? "");
    }
  }

  #edits(said: ReadonlyMap<FoundMagic, string>, known: KnownKinds): Edits {
    // With the option lines below a magic as comments: there the compiler would not look for them.
    const edits = new Edits(normalise(this.text).padStart(this.text.length));
    const cellClock = this.magics.findIndex((found) => isTime(found) && found.kind === "cell");
    const last = cellClock < 0 ? null : this.#lastStatement();
    if (last?.isExpression) timeValue(edits, last, cellClock); // around the clock of a last line
    for (const [clock, found] of this.magics.entries()) {
      if (isTime(found)) {
        edits.replace(found.start, found.argumentStart, `;${CALLED}.start(${clock});`);
        if (found.kind === "cell") continue;
        const timed = lastStatement(this.source.slice(found.argumentStart, found.end), found.argumentStart);
        if (timed?.isExpression) timeValue(edits, timed, clock);
        else if (timed) endClock(edits, timed.end, clock);
      } else {
        const text = said.get(found);
        const call =
          text === undefined ? this.#call(found, known) : `${CALLED}.print(${JSON.stringify(text)})`;
        edits.replace(found.start, found.end, `;${call};`);
        if (isWritefile(found)) edits.replace(found.end, this.source.length, "");
      }
    }
    if (cellClock >= 0 && !last?.isExpression) endClock(edits, last?.end ?? this.source.length, cellClock);
    return edits;
  }

  /** Of the whole cell; null if it is a magic, or cannot be told. */
  #lastStatement(): Place | null {
    const last = lastStatement(this.text, 0);
    const isMagic = last === null || this.magics.some(({ start }) => start >= last.start);
    return isMagic ? null : last;
  }

  #call({ kind, name, argument, declared, end }: FoundMagic, known: KnownKinds): string {
    if (kind === "help") return ""; // answered by the kernel
    const given = [name, argument].map((text) => JSON.stringify(text)).join(", ");
    if (kind === "cell") {
      const body = this.source.slice(end).replace(/^\r?\n/, "");
      return `await ${CALLED}.run(${given}, { body: ${JSON.stringify(body)} })`;
    }
    if (name !== "who" && name !== "whos") return `await ${CALLED}.run(${given}, {})`;
    const kinds = new Map([...known].map(([name, { kind }]) => [name, kind]));
    for (const { name, kind } of declared) kinds.set(name, kind);
    const names = [...kinds].map(([name, kind]) => {
      const value = hasValue(kind) ? `, typeof ${name} === "undefined" ? void 0 : ${name}` : "";
      return `["${name}", "${kind}"${value}]`;
    });
    return `await ${CALLED}.run(${given}, { names: [${names.join(", ")}] })`;
  }
}

/** A statement in the cell; if it is an expression, only that. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly isExpression: boolean;
}

function lastStatement(code: string, offset: number): Place | null {
  const text = normalise(code);
  const { program, errors } = parseTypeScript(text);
  const last = program.body.at(-1);
  if (errors.length > 0 || last === undefined) return null;
  const isExpression = last.type === "ExpressionStatement";
  const { start, end } = isExpression ? last.expression : last;
  const from = offset + code.length - text.length; // without a byte order mark
  return { start: from + start, end: from + end, isExpression };
}

function timeValue(edits: Edits, { start, end }: Place, clock: number): void {
  edits.replace(start, start, `${CALLED}.timed(${clock}, (`);
  edits.replace(end, end, "))");
}

/** On a line of its own: there may be a comment before it. */
function endClock(edits: Edits, at: number, clock: number): void {
  edits.replace(at, at, `\n;${CALLED}.end(${clock});`);
}

/** A value that a magic can be shown: not that of a type. */
function hasValue(kind: DeclaredKind): boolean {
  return kind !== "type" && kind !== "interface" && kind !== "using";
}

function checkMagic({ kind, name, argument, first }: FoundMagic): void {
  if (kind === "command") {
    if (argument === "") throw new MagicError("! runs a shell command, as in !ls.");
    return;
  }
  if (kind === "help") {
    const written = name.replace(/^%+/, "");
    if (name.startsWith("%") && magicNamed(written) === undefined) throw new MagicError(unknownMagic(name));
    return;
  }
  const mark = kind === "cell" ? "%%" : "%";
  const magic = magicNamed(name);
  if (magic === undefined) throw new MagicError(unknownMagic(mark + name));
  const usage = `Usage: ${magic.usage}`;
  if (!magic.marks.includes(mark)) {
    const right = `${magic.marks[0]}${name}`;
    throw new MagicError(
      mark === "%"
        ? `${right} is about a whole cell and is written with two signs. ${usage}`
        : `${right} is about a line and is written with one sign. ${usage}`,
    );
  }
  if (kind === "cell" && !first) throw new MagicError(`%%${name} must be the first line of its cell.`);
  const fits =
    magic.argument === "rest" ? (argument === "") === (kind === "cell") : magic.argument.test(argument);
  if (!fits) throw new MagicError(`${mark}${name} ${complaint(magic, argument)}. ${usage}`);
}

function complaint(magic: Magic, argument: string): string {
  if (argument === "") return "needs something behind it";
  if (magic.argument !== "rest" && magic.argument.test(""))
    return `does not take ${JSON.stringify(argument)}`;
  return `does not work with ${JSON.stringify(argument)} behind it`;
}

function isTime({ kind, name }: FoundMagic): boolean {
  return name === "time" && (kind === "line" || kind === "cell");
}

function isWritefile({ kind, name }: FoundMagic): boolean {
  return kind === "cell" && name === "writefile";
}

/** The TypeScript behind `%time` is seen by the type check. */
function hidesArgument(found: FoundMagic): boolean {
  return !(isTime(found) && found.kind === "line");
}

/** In braces a magic is not looked for: it may be TypeScript that is still to come. */
function hinted({ message, cell }: CellSyntaxError, at: CellPosition, line: string): CellSyntaxError {
  const name = /^\s*%{1,2}(\w+)/.exec(line)?.[1];
  const isMagic = /^\s*![\w./]/.test(line) || (name !== undefined && magicNamed(name) !== undefined);
  const hint = isMagic ? " (Magics and commands stand outside of braces, each on a line of its own.)" : "";
  return new CellSyntaxError(message + hint, cell, at, line);
}

/** Blank, with the same line ends; ends the statement before it, as a magic's call does when the cell runs. */
function neutral(text: string, first: boolean): string {
  const blank = text.replace(/[^\r\n]/g, " ");
  return first ? blank : `;${blank.slice(1)}`;
}

function offsetAt(text: string, line: number, column: number): number {
  const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;
  for (let left = line - 1; left > 0 && LINE_END.exec(text); left--);
  return LINE_END.lastIndex + column - 1;
}
