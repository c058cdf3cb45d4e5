// The cell compiler: the source text of a TypeScript cell → a script that runs in the user process.
import type { CompiledCell } from "./compiled.ts";

export type {
  CellContext,
  CellPosition,
  CellResult,
  CellWarning,
  CompiledCell,
  DeclaredKind,
  DeclaredName,
  ImportBinding,
  ImportRequest,
  RunnableCell,
  ScriptResult,
} from "./compiled.ts";
export { CellSyntaxError } from "./syntax-error.ts";

/**
 * Compiles the cells of one session. It remembers where the names of earlier cells live, so use one compiler a user
 * process and a new one when the user process starts anew.
 */
export class CellCompiler {
  /**
   * Compiles a cell; throws CellSyntaxError. Leaves no trace in the session until `commit`.
   * `name` is the script's name in stacks, e.g. `Cell [3]`.
   */
  compile(source: string, name: string): CompiledCell {
    throw new Error(`not yet: ${source} ${name}`);
  }

  /** To be called when the cell is handed to the user process. */
  commit(_cell: CompiledCell): void {}
}

/** Starts what compiling needs (about 50 ms); call it in the background, so that the first cell does not pay for it. */
export function warmUp(): void {}
