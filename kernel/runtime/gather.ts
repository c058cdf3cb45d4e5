// Small pieces of text → larger ones, so that a loop that prints makes tens of messages a second and not thousands.

export interface StreamText {
  readonly run: number | null;
  readonly name: "stdout" | "stderr";
  text: string;
}

/** Text is gathered this long … */
const GATHER_MS = 30;
/** … or until it is this long, in characters; what is longer goes in pieces, which the kernel can hold back. */
const GATHER_SIZE = 64_000;

// A change between stdout and stderr costs a message. So many may come at once, and so many more a second; in a program
// that goes on beyond that, what it printed to each stream within GATHER_MS goes together.
const CHANGES = 1000;
const CHANGES_PER_SECOND = 300;

export class Gatherer {
  readonly #send: (text: StreamText) => void;
  #gathered: StreamText[] = [];
  #size = 0;
  #timer: NodeJS.Timeout | null = null;
  #changes = CHANGES;
  #last = performance.now();

  constructor(send: (text: StreamText) => void) {
    this.#send = send;
  }

  add({ run, name, text }: StreamText): void {
    const place = this.#placeFor(run, name);
    if (place === undefined) this.#gathered.push({ run, name, text });
    else place.text += text;
    this.#size += text.length;
    if (this.#size > GATHER_SIZE) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** Sends what was gathered; also before anything else is sent. */
  flush(): void {
    if (this.#timer === null && this.#gathered.length === 0) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#size = 0;
    const gathered = this.#gathered;
    this.#gathered = [];
    const now = performance.now();
    this.#changes = Math.min(CHANGES, this.#changes + ((now - this.#last) / 1000) * CHANGES_PER_SECOND);
    this.#last = now;
    for (const { run, name, text } of gathered) {
      for (let start = 0; start < text.length; ) {
        const piece = text.slice(start, endOfPiece(text, start));
        this.#send({ run, name, text: piece });
        start += piece.length;
      }
    }
  }

  #placeFor(run: number | null, name: string): StreamText | undefined {
    const last = this.#gathered.at(-1);
    if (last?.run === run && last.name === name) return last;
    if (this.#changes >= 1) {
      this.#changes--;
      return undefined;
    }
    return this.#gathered.findLast((text) => text.run === run && text.name === name);
  }
}

/** After a line if there is one, and not within a character of two units. */
function endOfPiece(text: string, start: number): number {
  const limit = start + GATHER_SIZE;
  if (limit >= text.length) return text.length;
  const line = text.lastIndexOf("\n", limit - 1);
  if (line >= start) return line + 1;
  return (text.codePointAt(limit - 1) as number) > 0xffff ? limit - 1 : limit;
}
