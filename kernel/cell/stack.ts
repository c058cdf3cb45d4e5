// V8's stack text → the stack as the user should see it: places in cells, no frames of the kernel.
import { fileURLToPath } from "node:url";
import type { CellPosition, CompiledCell } from "./compiled.ts";

export interface MappedStack {
  /** The whole text: message, then one line a frame, each as `    at name (Cell [3]:4:13)`. */
  readonly text: string;
  /** The first frame in a cell, or null. */
  readonly position: (CellPosition & { readonly cell: string }) | null;
}

/** Printed errors are indented, and a comma or the bracket of their properties may follow the last frame. */
const FRAME = /^ {4,}(?:at .*?|(\.\.\. \d+ lines matching cause stack trace \.\.\.))(,| \{)?$/;
/** A script's name and a position, as in `at f (Cell [3]:4:13)`, `at async Cell [3]:4:13` or `at expression:1:1`. */
const PLACE = /(Cell \[[^\]\n]*\]|(?<=[ (])[^\s():/]+):(\d+):(\d+)/g;

const KERNEL = new URL("../", import.meta.url);
const KERNEL_PATHS = [KERNEL.href, fileURLToPath(KERNEL)];

/** Cells of which positions are remembered: the latest, and those whose functions still turn up in stacks. */
const MOST_CELLS = 5000;

interface KnownCell {
  readonly originalPosition: CompiledCell["originalPosition"];
  readonly source: string;
}

/** Maps the stacks of a session; add every cell that is handed to the user process. */
export class StackMapper {
  readonly #cells = new Map<string, KnownCell>();
  /** Names as written whose slots have another name. */
  #hidden = new Map<string, string>();
  #hiddenPattern: RegExp | null = null;

  add(cell: CompiledCell, source: string): void {
    this.#remember(cell.runnable.name, { originalPosition: cell.originalPosition, source });
    for (const [name, slot] of cell.knowledge.slots)
      if (slot !== name && !this.#hidden.has(slot)) {
        this.#hidden.set(slot, name);
        this.#hiddenPattern = null;
      }
  }

  /** The text of a cell as the user wrote it. */
  source(name: string): string | undefined {
    return this.#cells.get(name)?.source;
  }

  #remember(name: string, cell: KnownCell): void {
    this.#cells.delete(name);
    this.#cells.set(name, cell);
    if (this.#cells.size > MOST_CELLS) this.#cells.delete(this.#cells.keys().next().value as string);
  }

  map(stack: string): MappedStack {
    let position: MappedStack["position"] = null;
    const lines: string[] = [];
    for (const line of stack.replaceAll(/\?lectern-version=\d+/g, "").split("\n")) {
      const frame = FRAME.exec(line);
      if (frame === null) {
        lines.push(line);
        continue;
      }
      let isGenerated = false;
      const mapped = line.replace(PLACE, (place, cell: string, lineNumber: string, column: string) => {
        const compiled = this.#cells.get(cell);
        if (compiled) this.#remember(cell, compiled);
        if (!compiled && !cell.startsWith("Cell [")) return place;
        if (!compiled && /^Cell \[\d+\]$/.test(cell)) return cell; // too long ago
        const original = compiled?.originalPosition(Number(lineNumber), Number(column));
        if (!original) {
          isGenerated = true;
          return place;
        }
        position ??= { cell, ...original };
        return `${cell}:${original.line}:${original.column}`;
      });
      const [, repeated, end] = frame; // what Node leaves out stands below, in the stack of the cause
      const isUsers = mapped === line ? !repeated && !isInternal(line) : true;
      if (isUsers && !isGenerated) lines.push(mapped);
      else if (end !== undefined && lines.length > 0) lines.push(lines.pop() + end);
    }
    return { text: this.showNames(lines.join("\n")), position };
  }

  /** A text that a cell has written, with the stacks of printed errors as the user should see them. */
  mapPrinted(text: string): string {
    return text.includes("    at ") ? this.map(text).text : text;
  }

  /** A text of V8 (an error's message, a function's name) with the names as the user wrote them. */
  showNames(text: string): string {
    if (this.#hidden.size === 0) return text;
    this.#hiddenPattern ??= wholeNames(this.#hidden.keys());
    return text.replace(this.#hiddenPattern, (slot) => this.#hidden.get(slot) ?? slot);
  }
}

function isInternal(frame: string): boolean {
  if (/[ (]node:[^\s()]+:\d+:\d+\)?(?:,| \{)?$|at <anonymous>$/.test(frame)) return true;
  return KERNEL_PATHS.some((path) => frame.includes(path));
}

/** Only known names, and only whole ones: the invisible character is an ordinary letter of some languages. */
function wholeNames(names: Iterable<string>): RegExp {
  const letter = "[\\p{ID_Continue}$\\u200c\\u200d]";
  const alternatives = [...names].map((name) => name.replaceAll("$", "\\$")).join("|");
  return new RegExp(`(?<!${letter})(?:${alternatives})(?!${letter})`, "gu");
}
