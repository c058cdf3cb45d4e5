// The error for a cell that is not valid TypeScript; its position is that of the cell as the user wrote it.
import type { CellPosition } from "./compiled.ts";

export class CellSyntaxError extends SyntaxError {
  override readonly name = "SyntaxError";
  /** The script name of the cell, e.g. `Cell [3]`. */
  readonly cell: string;
  /** Line and column count from 1. */
  readonly line: number;
  readonly column: number;
  /** The text of that line. */
  readonly sourceLine: string;

  constructor(message: string, cell: string, position: CellPosition, sourceLine: string) {
    super(message);
    this.cell = cell;
    this.line = position.line;
    this.column = position.column;
    this.sourceLine = sourceLine;
    this.stack = `SyntaxError: ${message}\n    at ${cell}:${position.line}:${position.column}`;
  }
}
