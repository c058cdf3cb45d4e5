// What the compiler remembers between the cells of a session: where names live, and which of them functions read.
import type { CellKnowledge } from "./compiled.ts";

/** ZERO WIDTH NON-JOINER: legal in identifiers, invisible. */
const INVISIBLE = "\u200c";

/**
 * No globals of Node, but names that libraries test for (`typeof window`) to find out where they run, or that the
 * user process provides (`require`, `display`).
 */
const PROBED = [
  "window document self location define Deno Bun importScripts HTMLElement Element Window WorkerGlobalScope",
  "XMLHttpRequest jest exports module require display input prompt confirm alert comms",
].flatMap((names) => names.split(" "));

export class Session {
  /** Script-scope names are seen by every module of the process: `const URL = "…"` must not break the libraries. */
  #reserved = new Set([...Object.getOwnPropertyNames(globalThis), ...PROBED]);
  #slots = new Map<string, string>();
  #captured = new Set<string>();
  #assigned = new Set<string>();
  #callsEval = false;

  /** The slot for a name that a cell declares. */
  newSlot(name: string): string {
    return this.#reserved.has(name) ? name + INVISIBLE : name;
  }

  /** The slot of a name of an earlier cell. */
  slot(name: string): string | undefined {
    return this.#slots.get(name);
  }

  isKnown(name: string): boolean {
    return this.#slots.has(name) || this.#reserved.has(name);
  }

  isCaptured(name: string): boolean {
    return this.#captured.has(name);
  }

  isAssigned(name: string): boolean {
    return this.#assigned.has(name);
  }

  get callsEval(): boolean {
    return this.#callsEval;
  }

  remember(knowledge: CellKnowledge): void {
    for (const [name, slot] of knowledge.slots) this.#slots.set(name, slot);
    for (const name of knowledge.captured) this.#captured.add(name);
    for (const name of knowledge.assigned) this.#assigned.add(name);
    this.#callsEval ||= knowledge.callsEval;
  }
}
