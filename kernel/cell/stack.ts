// V8's stack text → the stack as the user should see it: places in cells, no frames of the kernel.
import type { CellPosition, CompiledCell } from "./compiled.ts";

export interface MappedStack {
  /** The whole text: message, then one line a frame, each as `    at name (Cell [3]:4:13)`. */
  readonly text: string;
  /** The first frame in a cell, or null. */
  readonly position: (CellPosition & { readonly cell: string }) | null;
}

/** Maps the stacks of a session; add every cell that is handed to the user process. */
export class StackMapper {
  add(_cell: CompiledCell): void {}

  map(stack: string): MappedStack {
    return { text: stack, position: null };
  }

  /** A text of V8 (an error's message, a function's name) with the names as the user wrote them. */
  showNames(text: string): string {
    return text;
  }
}
