// The text of a cell as the compiler reads it: option lines made comments, and the facts that only TypeScript shows.
import { type Expression, type Program, parseSync } from "oxc-parser";
import { isTooDeep, TOO_DEEP } from "./depth.ts";
import { objectsOf } from "./names.ts";

export interface CellSource {
  readonly text: string;
  /** The expression which is the last statement: the cell's value. */
  readonly last: Expression | null;
  /** Enums and namespaces: a second run must not merge with the objects of the first. */
  readonly objects: readonly string[];
  /** An error that the next step may report better (unless it `isKnown` here), or not see at all. */
  readonly error: { readonly message: string; readonly offset: number; readonly isKnown: boolean } | null;
}

interface Parsed {
  readonly program: Program;
  readonly errors: readonly {
    readonly message: string;
    readonly labels: readonly { readonly start: number }[];
  }[];
}

export function readSource(text: string): CellSource {
  const { program, errors } = parseTypeScript(text);
  const error = errors[0];
  if (error) {
    const offset = error.labels[0]?.start ?? 0;
    return {
      text,
      last: null,
      objects: [],
      error: { message: error.message, offset, isKnown: false },
    };
  }
  const last = program.body.at(-1);
  return {
    text,
    last: last?.type === "ExpressionStatement" ? last.expression : null,
    objects: objectsOf(program),
    error: unsupported(program),
  };
}

/** With errors the program is not to be used. */
export function parseTypeScript(text: string, showSemanticErrors = false): Parsed {
  if (isTooDeep(text)) {
    return {
      program: parseSync("cell.ts", "").program,
      errors: [{ message: TOO_DEEP, labels: [{ start: 0 }] }],
    };
  }
  return parseSync("cell.ts", text, { lang: "ts", sourceType: "module", showSemanticErrors });
}

/** Without BOM; a hashbang and the `#|` option lines at the top become comments of the same length. */
export function normalise(source: string): string {
  const text = source.replace(/^\uFEFF/, "");
  const head = /^(?:[ \t]*(?:#[!|][^\n]*|\/\/[^\n]*)?\r?(?:\n|$))*/.exec(text)?.[0] ?? "";
  return head.replace(/^([ \t]*)#[!|]/gm, "$1//") + text.slice(head.length);
}

function unsupported(program: Program): CellSource["error"] {
  for (const { type, start, ...node } of program.body) {
    if (type === "TSExportAssignment")
      return { message: '"export =" is not supported in a cell', offset: start, isKnown: false };
    if (type === "ImportDeclaration" && "phase" in node && node.phase)
      return {
        message: `"import ${node.phase}" is not supported in a cell: import the module`,
        offset: start,
        isKnown: true,
      };
  }
  return null;
}
