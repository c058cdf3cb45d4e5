// The runs of the user's process (cells, and handlers of comm messages) and the requests that started them.
import type { Header } from "../wire/message.ts";

/** Output that comes later than this many runs of a kind after its own goes to the latest cell. */
const REMEMBERED_RUNS = 1000;

export class Runs {
  readonly #cells = new Map<number, Header>();
  /** Apart from the cells: a slider sends thousands while one cell runs. */
  readonly #handlers = new Map<number, Header>();
  #last = 0;
  #latestCell: Header | null = null;

  /** A number for a run of a cell; its output goes to the cell of this request. */
  ofCell(parent: Header): number {
    this.#latestCell = parent;
    return this.#add(this.#cells, parent);
  }

  ofHandler(parent: Header): number {
    return this.#add(this.#handlers, parent);
  }

  /** The request to which the output of a run belongs; that of an unknown run goes to the latest cell. */
  parent(run: number | null): Header | null {
    if (run === null) return this.#latestCell;
    return this.#cells.get(run) ?? this.#handlers.get(run) ?? this.#latestCell;
  }

  #add(runs: Map<number, Header>, parent: Header): number {
    this.#last++;
    runs.set(this.#last, parent);
    if (runs.size > REMEMBERED_RUNS) runs.delete(runs.keys().next().value as number);
    return this.#last;
  }
}
