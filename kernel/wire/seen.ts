// The signatures of the messages that have come in, to know one that somebody recorded and sends again.

/** Two generations of this many are remembered, as many as jupyter_client does. */
const GENERATION = 32_768;

export class SeenSignatures {
  #recent = new Set<string>();
  #older = new Set<string>();

  /** False if it has been seen before. Only right signatures belong here: wrong ones would push those out. */
  add(signature: string): boolean {
    if (this.#recent.has(signature) || this.#older.has(signature)) return false;
    if (this.#recent.size === GENERATION) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(signature);
    return true;
  }
}
