// What the compiler makes of a cell: the half that crosses the pipe to the user process, and the half that stays.
//
// What the user process does with a RunnableCell, in this order:
//
//  1. Declare the slots. Slots are script-scope variables that hold the cell's top-level names; all cells only assign
//     to them. Of `slots`, take those not declared before in this process (keep a Set) and run a script of their own,
//     `"use strict"; let a, b;`. If that throws (a name exists already as a global or lexical name), declare them one by
//     one and ignore the failures: assignment reaches the existing name.
//  2. Run the script: `new vm.Script(code, { filename: name, importModuleDynamically:
//     vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }).runInThisContext()`. It runs none of the user's code, it only
//     yields `[setImports | null, body]`. It has been checked to be valid for V8.
//  3. Load the imports, one after the other, in the order given, with an `import()` that resolves from the notebook's
//     folder. When one fails, append `"\n" + request.frame` to the error's stack (if it is a string) and let it be the
//     cell's error. For each of its bindings take the value:
//       - imported "*": the namespace object;
//       - a name that the namespace has: that property;
//       - else, if the namespace has "module.exports" and its `default` is an object or function with that name: the
//         property of `default` (a CommonJS export which Node's lexer did not see);
//       - else undefined if `required` is false (a type imported without `type`), or a SyntaxError "The requested module
//         'x' does not provide an export named 'y'", with the frame appended as above.
//  4. If `setImports` is not null, call it with ONE flat array: the values of all bindings of all imports, in order.
//  5. Call `body($k)` as a plain function (not as `pair[1]()`, which would show in stacks), with
//     `$k = { meta, loop, awaited }`, see CellContext. It returns a native promise if the cell awaits, else its result directly.
//     The result is `undefined` (the cell has no value) or `{ value }`. A `value` that is a native promise
//     (`util.types.isPromise`) is awaited, and its rejection is the cell's error; other thenables are left alone.
//     `{ value: undefined }` is a value too, but nothing to show.
//
// To interrupt: a terminated script runs no `finally`. If the last call of `$k.loop` was with a number n that is not 0,
// then a loop holds values in local variables, and `loops[n - 1]`, evaluated where the loop is, copies them to the slots.

/** One import statement, loaded by the user process before the body runs. */
export interface ImportRequest {
  readonly specifier: string;
  /** The second argument of `import()`, e.g. `{ with: { type: "json" } }`. */
  readonly options?: { readonly with: Readonly<Record<string, string>> };
  readonly bindings: readonly ImportBinding[];
  /** The stack line to append to an error of this import: it leads to the import statement. */
  readonly frame: string;
}

export interface ImportBinding {
  /** The exported name: `default`, `*` for the namespace, or any other. */
  readonly imported: string;
  /** The cell uses the value, so it is an error if the module has no such export. */
  readonly required: boolean;
}

/** The half of a compiled cell that crosses the pipe: plain JSON. */
export interface RunnableCell {
  /** The script's file name, e.g. `Cell [3]`. */
  readonly name: string;
  readonly code: string;
  /** All slots the cell assigns, new and old. */
  readonly slots: readonly string[];
  readonly imports: readonly ImportRequest[];
  /** Expressions which copy the local variables of a running loop to their slots, see CellContext. */
  readonly loops: readonly string[];
}

/** The argument `$k` of a cell's body, made by the user process. */
export interface CellContext {
  /** `import.meta` of the cell: that of a module `notebook.ts` in the notebook's folder. */
  readonly meta: { url: string; dirname: string; filename: string; resolve(specifier: string): string };
  /** Called when a loop starts to work on local copies of slots, with its number from 1; with 0 when it has ended. */
  loop(number: number): void;
  /** Every `await x` is `$k.awaited(await x)`. Returns its argument; throws if the run was interrupted meanwhile. */
  awaited(value: unknown): unknown;
}

/** What a script yields: `setImports` is null if the cell imports no names. */
export type ScriptResult = readonly [
  setImports: ((values: readonly unknown[]) => void) | null,
  body: (context: CellContext) => CellResult | Promise<CellResult>,
];

export type CellResult = { value: unknown } | undefined;

export type DeclaredKind =
  | "const"
  | "let"
  | "var"
  | "using"
  | "function"
  | "class"
  | "enum"
  | "interface"
  | "type"
  | "namespace"
  | "import";

/** A name that a cell declares at its top level. Names of `using` are gone when the cell has ended. */
export interface DeclaredName {
  readonly name: string;
  readonly kind: DeclaredKind;
}

/** A place in a cell; line and column count from 1, columns in UTF-16 units. */
export interface CellPosition {
  readonly line: number;
  readonly column: number;
}

/** A compiled cell in the kernel process. */
export interface CompiledCell {
  readonly runnable: RunnableCell;
  /** Where a position of the script (as V8 reports it, both from 1) is in the cell; null for generated code. */
  originalPosition(line: number, column: number): CellPosition | null;
  /** What the session has to remember once the cell is handed to the user process. */
  readonly knowledge: CellKnowledge;
}

export interface CellKnowledge {
  /** Name as written → slot in which it lives. */
  readonly slots: ReadonlyMap<string, string>;
  /** Names which functions of the cell mention: their slots must always hold the present value. */
  readonly captured: ReadonlySet<string>;
  /** Names to which functions of the cell assign. */
  readonly assigned: ReadonlySet<string>;
  /** The cell calls `eval` or `Function`, so any name may be read anywhere. */
  readonly callsEval: boolean;
}
