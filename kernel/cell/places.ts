// The way of a position from a cell's script back to the cell, kept small: a session may have thousands of cells.
import { encodedMappings, TraceMap } from "@jridgewell/trace-mapping";
import type MagicString from "magic-string";
import type { CellPosition } from "./compiled.ts";
import { IMPORT_LINE } from "./imports.ts";
import { before, forPeople, type Position } from "./positions.ts";

/** The map is made when it is needed or, to let go of the texts, when the cell is running anyway. */
const LET_GO_MS = 200;
/** In characters; the map of a longer script would take the kernel's thread for too long. */
const LONG_SCRIPT = 100_000;

export class Places {
  #script: MagicString | null;
  #toCell: ((position: Position) => Position | null) | null;
  /** The whole way, as in a source map file: some 5 bytes a word of the cell. */
  #mappings = "";
  #map: WeakRef<TraceMap> | null = null;
  readonly #imports: readonly (Position | null)[];

  constructor(
    script: MagicString,
    toCell: (position: Position) => Position | null,
    imports: readonly Position[],
  ) {
    this.#script = script;
    this.#toCell = toCell;
    this.#imports = imports.map(toCell);
    if (script.original.length < LONG_SCRIPT) setTimeout(() => this.#letGo(), LET_GO_MS).unref();
  }

  original(line: number, column: number): CellPosition | null {
    const at = line === IMPORT_LINE ? this.#imports[column - 1] : this.before(line, column);
    return at ? forPeople(at) : null;
  }

  /** Position in the script as V8 counts (from 1) → position in the cell. */
  before(line: number, column: number): Position | null {
    return before(this.#read(), { line, column: column - 1 });
  }

  /** A stack often asks several times. */
  #read(): TraceMap {
    const known = this.#map?.deref();
    if (known) return known;
    this.#letGo();
    const map = new TraceMap({ version: 3, sources: ["cell"], names: [], mappings: this.#mappings });
    this.#map = new WeakRef(map);
    return map;
  }

  #letGo(): void {
    if (this.#script === null || this.#toCell === null) return;
    // Word by word: V8 names places at which a word begins.
    const { mappings } = this.#script.generateDecodedMap({ hires: "boundary", source: "cell" });
    const whole = mappings.map((line) =>
      line.map((segment): [number] | [number, number, number, number] => {
        if (segment.length === 1) return [segment[0]];
        const [column, , sourceLine, sourceColumn] = segment;
        const at = this.#toCell?.({ line: sourceLine + 1, column: sourceColumn });
        return at ? [column, 0, at.line - 1, at.column] : [column];
      }),
    );
    this.#mappings = encodedMappings(
      new TraceMap({ version: 3, sources: ["cell"], names: [], mappings: whole }),
    );
    this.#script = null;
    this.#toCell = null;
  }
}
