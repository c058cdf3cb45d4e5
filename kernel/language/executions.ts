// The executed cells as later cells see them: which execution owns a name, and which executions are still needed.
import type { KnownCell } from "./definition.ts";
import { type Cell, readCell } from "./names.ts";
import {
  type EarlierName,
  executedCell,
  lastingNames,
  namesDocument,
  untypedCell,
  usedNames,
} from "./prelude.ts";

interface Execution {
  readonly source: string;
  readonly label: string;
  readonly cell: Cell;
  /** The documents whose declarations its own document uses. */
  readonly uses: ReadonlySet<number>;
  text: string;
}

/**
 * Every execution is a document of its own: a value keeps the type it was computed with, also when the cell is edited
 * and run again. A document that nothing leads to any more is given to the next execution.
 */
export class Executions {
  readonly #bySlot = new Map<number, Execution>();
  readonly #names = new Map<string, EarlierName>();

  get names(): ReadonlyMap<string, EarlierName> {
    return this.#names;
  }

  /** `label` is how the user knows the execution, for messages that name two types of one name. */
  label(slot: number): string | undefined {
    return this.#bySlot.get(slot)?.label;
  }

  /** The cell behind a slot, as the server has its text. */
  cell(slot: number): KnownCell | undefined {
    const execution = this.#bySlot.get(slot);
    return execution && { label: execution.label, text: execution.cell.text };
  }

  /** False if later cells see nothing of this one. */
  add(source: string, label: string, typed: boolean): boolean {
    const cell = readCell(source);
    if (cell.names.size === 0 && !cell.augments) return false;
    const used = typed ? usedNames(cell, this.#names) : new Map<string, EarlierName>();
    const uses = new Set([...used.values()].map(({ slot }) => slot));
    const text = typed ? executedCell(cell, used) : untypedCell(cell);
    for (const name of cell.names.keys()) this.#names.delete(name);
    this.#dropUnneeded(uses, source);
    const slot = this.#freeSlot();
    for (const [name, kind] of lastingNames(cell)) this.#names.set(name, { kind, slot });
    this.#bySlot.set(slot, { source, label, cell, uses, text });
    return true;
  }

  /** Takes the types from the executions of a source that turned out to be too slow to check. */
  forgetTypes(source: string): void {
    for (const execution of this.#bySlot.values())
      if (execution.source === source) execution.text = untypedCell(execution.cell);
  }

  /** The document that leads to all others. */
  namesDocument(): string {
    const augmenting = [...this.#bySlot].filter(([, { cell }]) => cell.augments).map(([slot]) => slot);
    return namesDocument(this.#names, augmenting);
  }

  /** The executed cells, each after those that it uses. */
  *documents(): Iterable<[slot: number, text: string]> {
    for (const [slot, { text }] of this.#bySlot) yield [slot, text];
  }

  clear(): void {
    this.#bySlot.clear();
    this.#names.clear();
  }

  #dropUnneeded(used: Iterable<number>, source: string): void {
    const needed = new Set<number>();
    const need = (slot: number) => {
      if (needed.has(slot)) return;
      needed.add(slot);
      for (const other of this.#bySlot.get(slot)?.uses ?? []) need(other);
    };
    for (const slot of used) need(slot);
    for (const { slot } of this.#names.values()) need(slot);
    for (const [slot, execution] of this.#bySlot)
      if (execution.cell.augments && execution.source !== source) need(slot);
    for (const slot of [...this.#bySlot.keys()]) if (!needed.has(slot)) this.#bySlot.delete(slot);
  }

  #freeSlot(): number {
    let slot = 0;
    while (this.#bySlot.has(slot)) slot++;
    return slot;
  }
}
