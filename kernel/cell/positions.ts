// Positions in texts, and the way of a position back through the steps of the compiler.
// Inside, lines count from 1 and columns from 0, as in source maps.
import { originalPositionFor, type TraceMap } from "@jridgewell/trace-mapping";
import type { CellPosition } from "./compiled.ts";

export interface Position {
  line: number;
  column: number;
}

/** What ends a line for V8 and esbuild. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

export function linesOf(text: string): string[] {
  return text.split(LINE_END);
}

export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  LINE_END.lastIndex = 0;
  for (let end = LINE_END.exec(text); end && end.index + end[0].length <= offset; end = LINE_END.exec(text)) {
    line++;
    start = LINE_END.lastIndex;
  }
  return { line, column: offset - start };
}

/** As users count: columns from 1. */
export function forPeople({ line, column }: Position): CellPosition {
  return { line, column: column + 1 };
}

/** Pieces that were put into the cell's text before it went to esbuild, in the order of their places. */
export class Inserts {
  #pieces: { line: number; column: number; length: number }[] = [];

  add(at: Position, length: number): void {
    this.#pieces.push({ ...at, length });
  }

  /** Position in the text with the pieces → position in the cell. */
  undo({ line, column }: Position): Position {
    let result = column;
    for (const piece of this.#pieces) {
      if (piece.line !== line) continue;
      result = result >= piece.column + piece.length ? result - piece.length : Math.min(result, piece.column);
    }
    return { line, column: result };
  }
}

export function before(map: TraceMap, position: Position): Position | null {
  const { line, column } = originalPositionFor(map, position);
  return line === null ? null : { line, column };
}
