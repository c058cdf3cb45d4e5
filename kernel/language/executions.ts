// The executed cells as later cells see them: which execution owns a name, and which executions are still needed.
import type { DeclaredKind } from "../cell/compiled.ts";
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
  /** The names of earlier cells that it uses, and which documents declared them when it ran. */
  readonly used: Map<string, EarlierName>;
  text: string;
  /** Stays a document of its own. */
  isKept: boolean;
  /** What stands in for several cells that were put together: each name and its declaration. */
  readonly settled?: ReadonlyMap<string, string>;
}

/** One of the oldest cells, to be put together with others if all its names are simple. */
export interface OldExecution {
  readonly slot: number;
  readonly text: string;
  /** The names that later cells still see or have used. */
  readonly names: ReadonlyMap<string, DeclaredKind>;
}

/** More documents than this, and old ones are put together: each makes a check some 30 µs slower. */
const MOST_DOCUMENTS = 200;
const RECENT_DOCUMENTS = 100;
const FEWEST_TOGETHER = 30;

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
    return execution && !execution.settled
      ? { label: execution.label, text: execution.cell.text }
      : undefined;
  }

  /** False if later cells see nothing of this one. */
  add(source: string, label: string, typed: boolean): boolean {
    const cell = readCell(source);
    if (cell.names.size === 0 && !cell.augments) return false;
    const used = typed ? usedNames(cell, this.#names) : new Map<string, EarlierName>();
    const text = typed ? executedCell(cell, used) : untypedCell(cell);
    for (const name of cell.names.keys()) this.#names.delete(name);
    this.#dropUnneeded(used, source);
    const slot = this.#freeSlot();
    for (const [name, kind] of lastingNames(cell)) this.#names.set(name, { kind, slot });
    this.#bySlot.set(slot, { source, label, cell, used, text, isKept: false });
    return true;
  }

  /** The oldest executions that may be put together, if there are many. */
  old(): OldExecution[] {
    if (this.#bySlot.size <= MOST_DOCUMENTS) return [];
    const names = this.#namesInUse();
    const oldest = [...this.#bySlot].slice(0, this.#bySlot.size - RECENT_DOCUMENTS);
    const old = oldest.flatMap(([slot, { cell, text, isKept }]) => {
      const isPlain = cell.valid && !cell.augments && cell.exported.size === 0 && !cell.text.includes("/**");
      return isPlain && !isKept ? [{ slot, text, names: names.get(slot) ?? new Map() }] : [];
    });
    return old.length < FEWEST_TOGETHER ? [] : old;
  }

  /**
   * Puts executions together, given the declarations of their names, with those that were put together before. One of
   * which a name is not simple stays as it is, and so does one that has changed meanwhile.
   */
  settle(found: ReadonlyMap<OldExecution, ReadonlyMap<string, string | null>>): void {
    const candidates = new Map<number, ReadonlyMap<string, string | null>>();
    for (const [slot, { settled }] of this.#bySlot) if (settled) candidates.set(slot, settled);
    for (const [{ slot, text }, declarations] of found)
      if (this.#bySlot.get(slot)?.text === text) candidates.set(slot, declarations);

    const names = this.#namesInUse();
    const together = new Map<string, string>();
    const slots = new Set<number>();
    for (const [slot, declarations] of candidates) {
      const own = [...(names.get(slot) ?? new Map()).keys()].map(
        (name) => [name, declarations.get(name)] as const,
      );
      if (own.every(([name, declaration]) => declaration && !together.has(name))) {
        for (const [name, declaration] of own) together.set(name, declaration as string);
        slots.add(slot);
      } else {
        (this.#bySlot.get(slot) as Execution).isKept = true;
      }
    }
    if (slots.size > 1) this.#replace(slots, together);
  }

  /** The first of the documents takes over what the others declare. */
  #replace(slots: Set<number>, settled: ReadonlyMap<string, string>): void {
    const text = [...settled.values()].join("\n");
    const [first] = [...slots] as [number];
    for (const slot of slots) this.#bySlot.delete(slot);
    const label = "an earlier cell";
    const cell = readCell(text);
    this.#bySlot.set(first, { source: "", label, cell, used: new Map(), text, isKept: true, settled });
    move(this.#names, slots, first);
    for (const execution of this.#bySlot.values()) {
      if (move(execution.used, slots, first)) execution.text = executedCell(execution.cell, execution.used);
    }
  }

  /** The names of each slot that are needed. */
  #namesInUse(): Map<number, Map<string, DeclaredKind>> {
    const bySlot = new Map<number, Map<string, DeclaredKind>>();
    const note = (name: string, { slot, kind }: EarlierName) => {
      const names = bySlot.get(slot) ?? new Map<string, DeclaredKind>();
      bySlot.set(slot, names.set(name, kind));
    };
    for (const [name, earlier] of this.#names) note(name, earlier);
    for (const { used } of this.#bySlot.values()) for (const [name, earlier] of used) note(name, earlier);
    return bySlot;
  }

  /** Takes the types from the executions of a source that turned out to be too slow to check. */
  forgetTypes(source: string): void {
    for (const execution of this.#bySlot.values())
      if (execution.source === source) {
        execution.text = untypedCell(execution.cell);
        execution.used.clear();
      }
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

  #dropUnneeded(used: ReadonlyMap<string, EarlierName>, source: string): void {
    const needed = new Set<number>();
    const need = (slot: number) => {
      if (needed.has(slot)) return;
      needed.add(slot);
      for (const other of this.#bySlot.get(slot)?.used.values() ?? []) need(other.slot);
    };
    for (const { slot } of used.values()) need(slot);
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

/** Says of names that were declared in some documents that another one declares them; true if there were any. */
function move(names: Map<string, EarlierName>, from: ReadonlySet<number>, to: number): boolean {
  let moved = false;
  for (const [name, { kind, slot }] of names) {
    if (!from.has(slot)) continue;
    names.set(name, { kind, slot: to });
    moved = true;
  }
  return moved;
}
