// The cell compiler: the source text of a TypeScript cell → a script that runs in the user process.
//
//   "use strict"; (function () { return [($i) => { [d] = $i; }, ($k) => {
//   f = function(n) { ... };            // a function, moved to the top
//   ({ x, y = 2 } = d), z = 1;          // was: const { x, y = 2 } = d as any, z: number = 1
//   return { value: f(z) };             // was the last expression
//   }] })()
//
// Top-level names live in slots, script-scope variables which the user process declares; compiled.ts says how it runs
// a cell. The steps: erase.ts (types left out) or, for the few cells with more than types, typescript.ts (esbuild) →
// analyse.ts (which name is which) → rewrite.ts, imports.ts, loops.ts (the script) → places.ts (the way back).
import { Script } from "node:vm";
import MagicString from "magic-string";
import { type Program, parseSync } from "oxc-parser";
import { analyse } from "./analyse.ts";
import type { CompiledCell } from "./compiled.ts";
import { isTooDeep, TOO_DEEP } from "./depth.ts";
import { eraseTypes, NeedsLowering } from "./erase.ts";
import { type Imports, readImports } from "./imports.ts";
import { jsxOffset, NO_JSX } from "./jsx.ts";
import { functionNames, localiseLoops } from "./loops.ts";
import { Places } from "./places.ts";
import { before, type Position, positionAt } from "./positions.ts";
import { restoreNames } from "./renames.ts";
import { type JavaScript, type OwnNames, Rewriter } from "./rewrite.ts";
import type { Analysis } from "./scope.ts";
import { Session } from "./session.ts";
import { Slots } from "./slots.ts";
import { normalise, parseTypeScript, readSource } from "./source.ts";
import { CellSyntaxError } from "./syntax-error.ts";
import { syntaxError, type TypeScriptOptions, toJavaScript } from "./typescript.ts";

export type {
  CellContext,
  CellPosition,
  CellResult,
  CompiledCell,
  ImportBinding,
  ImportRequest,
  RunnableCell,
  ScriptResult,
} from "./compiled.ts";
export { CellSyntaxError };

const STANDARD = Promise.resolve<TypeScriptOptions>({ legacyDecorators: false, definesFields: true });

/**
 * Compiles the cells of one session. It remembers where the names of earlier cells live, so use one compiler a user
 * process and a new one when the user process starts anew.
 */
export class CellCompiler {
  readonly #session = new Session();
  readonly #options: () => Promise<TypeScriptOptions>;

  /** `options` is asked at every cell: the tsconfig.json they come from may be edited. */
  constructor(options: () => Promise<TypeScriptOptions> = () => STANDARD) {
    this.#options = options;
  }

  /**
   * Compiles a cell; rejects with CellSyntaxError. Leaves no trace in the session until `commit`.
   * `name` is the script's name in stacks, e.g. `Cell [3]`.
   */
  async compile(source: string, name: string): Promise<CompiledCell> {
    const text = normalise(source);
    if (isTooDeep(text)) throw syntaxError(TOO_DEEP, name, text, { line: 1, column: 0 });
    const options = await this.#options();
    const assignsFields = !options.definesFields && /\bclass\b/.test(text);
    return (assignsFields ? null : this.#erased(text, name)) ?? (await this.#lowered(text, name, options));
  }

  /** By leaving the types out; null if that is not enough, or if something is wrong that esbuild can tell better. */
  #erased(text: string, name: string): CompiledCell | null {
    if (/<!--|-->/.test(text)) return null; // no comments in modules, but the script is none
    const { program, errors } = parseTypeScript(text, true);
    if (errors.some(isReal) || program.body.some(hasPhase)) return null;
    const last = program.body.at(-1);
    const script = new MagicString(text);
    try {
      eraseTypes(program, script);
    } catch (error) {
      if (error instanceof NeedsLowering) return null;
      throw error;
    }
    const analysis = analyse(program);
    if (analysis.redeclaresImport) return null;
    const value = last?.type === "ExpressionStatement" ? last : null;
    const js = { code: text, program, value, objects: [], toCell: (position: Position) => position };
    try {
      return this.#assemble(js, analysis, script, text, name);
    } catch (error) {
      if (error instanceof CellSyntaxError) return null;
      throw error;
    }
  }

  async #lowered(text: string, name: string, options: TypeScriptOptions): Promise<CompiledCell> {
    const cell = readSource(text);
    const jsx = cell.error && !isTooDeep(text) ? jsxOffset(text) : null;
    if (jsx !== null) throw syntaxError(NO_JSX, name, text, positionAt(text, jsx));
    const { mark } = ownNames(text);
    const { code, map, inserts } = await toJavaScript(cell, name, mark, options);
    const toCell = (position: Position) => {
      const at = before(map, position);
      return at && inserts.undo(at);
    };
    const program = parseJavaScript(code, name, text, toCell);
    const analysis = analyse(program);
    restoreNames(analysis, code, map);
    const js = { code, program, value: null, objects: cell.objects, toCell };
    return this.#assemble(js, analysis, new MagicString(code), text, name);
  }

  #assemble(
    js: JavaScript,
    analysis: Analysis,
    script: MagicString,
    text: string,
    name: string,
  ): CompiledCell {
    const own = ownNames(text);
    const slots = new Slots(analysis, this.#session, text);
    new Rewriter(script, slots, own).rewrite(js, analysis);
    const imports = readImports(js.program, analysis, slots, name);
    const { savers, saves } = localiseLoops(analysis, slots, this.#session, script, own);
    // Within a function, so that `this` at the top level is undefined as in a module.
    script.prepend(
      `"use strict"; (function () { return [${setImports(imports, own)}, ` +
        `${analysis.isAsync ? "async " : ""}(${own.context}) => { ${resetObjects(js, slots)}${savers}\n`,
    );
    script.append("\n}] })()");

    const importsAt = imports.offsets.map((offset) => positionAt(js.code, offset));
    const places = new Places(script, js.toCell, importsAt);
    const code = script.toString();
    checkScript(code, name, text, places);
    return {
      runnable: {
        name,
        code,
        slots: [...slots.declared.values()],
        imports: imports.requests,
        loops: saves,
      },
      originalPosition: places.original.bind(places), // a closure would keep the syntax tree alive
      knowledge: {
        slots: slots.declared,
        ...functionNames(analysis, slots),
        callsEval: analysis.callsEval,
      },
    };
  }

  /** To be called when the cell is handed to the user process. */
  commit(cell: CompiledCell): void {
    this.#session.remember(cell.knowledge);
  }

  /** A name of an earlier cell, or of the global scope. */
  isKnown(name: string): boolean {
    return this.#session.isKnown(name);
  }

  /** The script-scope variable that holds a name of an earlier cell. */
  slot(name: string): string | undefined {
    return this.#session.slot(name);
  }
}

/** Compiles a little, so that the first cell does not pay for it; call it when there is time. */
export async function warmUp(): Promise<void> {
  const source =
    "import a from 'a'; const { x } = a as any; function f(n: number) { return n } for (;;) {} f(x)";
  const cell = await new CellCompiler().compile(source, "warm-up");
  cell.originalPosition(1, 1);
}

function ownNames(text: string): OwnNames {
  const unused = (name: string): string => (text.includes(name) ? unused(`${name}$`) : name);
  return { context: unused("$k"), imports: unused("$i"), mark: unused("$last"), loop: unused("$t") };
}

/** What esbuild gave, parsed again; this finds the early errors that esbuild does not look for. */
function parseJavaScript(code: string, name: string, text: string, toCell: JavaScript["toCell"]): Program {
  const options = {
    lang: "js",
    sourceType: "module",
    preserveParens: false,
    showSemanticErrors: true,
  } as const;
  const { program, errors } = parseSync("cell.js", code, options);
  const error = errors.find(isReal);
  if (!error) return program;
  const at = toCell(positionAt(code, error.labels[0]?.start ?? 0));
  throw syntaxError(error.message, name, text, at ?? { line: 1, column: 0 });
}

/** A cell may export the name of an earlier cell. */
function isReal({ message }: { message: string }): boolean {
  return !/^Export '.*' is not defined$/.test(message);
}

/** `import defer`, `import source`: refused with the other errors. */
function hasPhase(node: Program["body"][number]): boolean {
  return node.type === "ImportDeclaration" && node.phase !== null;
}

function setImports({ slots }: Imports, own: OwnNames): string {
  return slots.length > 0 ? `(${own.imports}) => { [${slots.join(", ")}] = ${own.imports}; }` : "null";
}

function resetObjects({ objects }: JavaScript, slots: Slots): string {
  const reset = objects.filter((name) => slots.declared.has(name)).map((name) => `${slots.of(name)} = `);
  return reset.length > 0 ? `${reset.join("")}void 0; ` : "";
}

/** Errors that only V8 sees (in regular expressions, for example) are found here and not in the user process. */
function checkScript(code: string, name: string, text: string, places: Places): void {
  try {
    new Script(code, { filename: name });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The stack begins with `Cell [3]:7`, the line and a caret under the place; long lines have no caret.
    const [, line, caret] = /^[^\n]*:(\d+)(?:\n.*\n( *)\^)?/.exec(error.stack ?? "") ?? [];
    const at =
      places.before(Number(line ?? 1), (caret?.length ?? 0) + 1) ?? places.before(Number(line ?? 1), 20);
    throw syntaxError(error.message, name, text, at ?? { line: 1, column: 0 });
  }
}
