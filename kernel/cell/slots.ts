// Where each top-level name of a cell lives: in a slot of the session, or locally in the script's wrapper.
import type { Analysis, Identifier } from "./scope.ts";
import type { Session } from "./session.ts";

export class Slots {
  /** Name → slot, for the names that this cell declares. */
  readonly declared = new Map<string, string>();
  /** `using` names, which end with the cell, and helpers of esbuild. */
  #locals = new Set<string>();
  #session: Session;
  #analysis: Analysis;

  constructor(analysis: Analysis, session: Session, text: string) {
    this.#session = session;
    this.#analysis = analysis;
    const words = new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu));
    const hasEscapes = text.includes("\\u");
    for (const [name, kind] of analysis.top.names) {
      // A name that is no word of the cell is a helper, unless the user wrote it with escapes.
      const isUsers = words.has(name) || (hasEscapes && !name.startsWith("_"));
      if (isUsers && !kind.endsWith("using")) this.declared.set(name, session.newSlot(name));
      else this.#locals.add(name);
    }
  }

  isLocal(name: string): boolean {
    return this.#locals.has(name);
  }

  isSlot(name: string): boolean {
    return !this.isLocal(name) && (this.declared.has(name) || this.#session.slot(name) !== undefined);
  }

  /** What stands for a top-level name in the script. */
  of(name: string): string {
    if (this.isLocal(name)) return name;
    return this.declared.get(name) ?? this.#session.slot(name) ?? name;
  }

  /** Not a variable of an inner scope. */
  isTop({ binding }: Identifier): boolean {
    return binding === null || binding === this.#analysis.top;
  }
}
