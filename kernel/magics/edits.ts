// Replacements in a text, and the way of a place in the new text back to the old one.

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export class Edits {
  readonly #source: string;
  readonly #edits: Edit[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** Of two at one place the one that was added first comes first. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  apply(): string {
    let text = "";
    let at = 0;
    for (const edit of this.#inOrder()) {
      text += this.#source.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return text + this.#source.slice(at);
  }

  /** What was put in stands for the place where it was put. */
  before(offset: number): number {
    let shift = 0;
    for (const { start, end, text } of this.#inOrder()) {
      if (offset < start + shift) break;
      if (offset < start + shift + text.length) return start;
      shift += text.length - (end - start);
    }
    return offset - shift;
  }

  #inOrder(): Edit[] {
    return this.#edits.toSorted((a, b) => a.start - b.start);
  }
}
