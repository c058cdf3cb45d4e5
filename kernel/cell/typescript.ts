// TypeScript → JavaScript by esbuild, with the last expression marked and every position traceable to the cell.
import { TraceMap } from "@jridgewell/trace-mapping";
import { type Message, stop, type TransformFailure, type TransformOptions, transform } from "esbuild";
import { forPeople, Inserts, linesOf, type Position, positionAt } from "./positions.ts";
import type { CellSource } from "./source.ts";
import { CellSyntaxError } from "./syntax-error.ts";

/** Makes esbuild take every cell as a module: strict, `this` undefined, no `return` at the top level. */
const MODULE_MARK = "export {};";

export interface JavaScript {
  readonly code: string;
  readonly map: TraceMap;
  readonly inserts: Inserts;
}

export interface TypeScriptOptions {
  /** TypeScript's old decorators (`experimentalDecorators`) in place of the standard ones. */
  readonly legacyDecorators: boolean;
  /** `useDefineForClassFields`: fields are defined as the language says, and not assigned in the constructor. */
  readonly definesFields: boolean;
}

/** `mark` is the name of a function: the last expression becomes its argument. */
export async function toJavaScript(
  source: CellSource,
  name: string,
  mark: string,
  options: TypeScriptOptions,
): Promise<JavaScript> {
  const { text, last } = source;
  if (source.error?.isKnown)
    throw syntaxError(source.error.message, name, text, positionAt(text, source.error.offset));
  const settings = esbuildOptions(options);
  const inserts = moduleInserts();
  let marked = text;
  if (last) {
    const open = `${mark}((`;
    marked = `${text.slice(0, last.start)}${open}${text.slice(last.start, last.end)}))${text.slice(last.end)}`;
    inserts.add(positionAt(text, last.start), open.length);
  }
  try {
    const { code, map } = await build(MODULE_MARK + marked, settings);
    if (source.error)
      throw syntaxError(source.error.message, name, text, positionAt(text, source.error.offset));
    return { code, map: new TraceMap(map), inserts };
  } catch (error) {
    const first = firstMessage(error);
    if (!first) throw error;
    // Without the mark the message does not speak of a parenthesis that the user has not written.
    const message = last ? await messageWithoutMark(text, settings) : first;
    const at = message
      ? moduleInserts().undo(messagePosition(message))
      : inserts.undo(messagePosition(first));
    throw syntaxError(reworded((message ?? first).text), name, text, at);
  }
}

/** The error at a position of the cell's text; a position behind its end is put at the end. */
export function syntaxError(message: string, name: string, text: string, at: Position): CellSyntaxError {
  const lines = linesOf(text);
  const end = { line: lines.length, column: lines.at(-1)?.length ?? 0 };
  const position = at.line > lines.length ? end : at;
  return new CellSyntaxError(message, name, forPeople(position), lines[position.line - 1] ?? "");
}

/** esbuild is a process of its own: if something has ended it, it is started again. */
async function build(text: string, settings: TransformOptions) {
  try {
    return await transform(text, settings);
  } catch (error) {
    if (firstMessage(error)) throw error;
    await stop();
    return transform(text, settings);
  }
}

function moduleInserts(): Inserts {
  const inserts = new Inserts();
  inserts.add({ line: 1, column: 0 }, MODULE_MARK.length);
  return inserts;
}

async function messageWithoutMark(text: string, settings: TransformOptions): Promise<Message | null> {
  try {
    await build(MODULE_MARK + text, settings);
    return null;
  } catch (error) {
    return firstMessage(error);
  }
}

function firstMessage(error: unknown): Message | null {
  return (error as Partial<TransformFailure>).errors?.[0] ?? null;
}

/** To the user a cell is no module, and what esbuild says in a note behind a colon is not shown. */
function reworded(message: string): string {
  return message
    .replace(/^Syntax error "/, 'Unexpected "')
    .replace(/(?: in| inside) an ECMAScript module$/, " in a cell")
    .replace(/:$/, "");
}

/** esbuild counts columns in bytes of UTF-8. */
function messagePosition({ location }: Message): Position {
  if (!location) return { line: 1, column: 0 };
  const column = Buffer.from(location.lineText).subarray(0, location.column).toString().length;
  return { line: location.line, column };
}

function esbuildOptions({ legacyDecorators, definesFields }: TypeScriptOptions): TransformOptions {
  return {
    loader: "ts",
    target: "esnext",
    supported: { decorators: false },
    charset: "utf8",
    sourcemap: "external",
    sourcefile: "cell.ts",
    sourcesContent: false,
    tsconfigRaw: {
      compilerOptions: {
        verbatimModuleSyntax: true,
        target: "esnext",
        useDefineForClassFields: definesFields,
        experimentalDecorators: legacyDecorators,
      },
    },
  };
}
