// Philox 4×32-10 in TypeScript: for each element of a tensor a sequence of random numbers of its own.

const MULTIPLIER0 = 0xd2511f53;
const MULTIPLIER1 = 0xcd9e8d57;
const WEYL0 = 0x9e3779b9;
const WEYL1 = 0xbb67ae85;
/** In the third counter word, which the engine's kernels leave 0: no call shares numbers with them. */
const DOMAIN = 1;

/** What one call of a generator draws from: the two words of the key. */
export interface Stream {
  seed: number;
  stream: number;
}

/**
 * Random numbers for one element after another. The counter is (block, element, 1, 0), so what an element gets follows
 * from the key and its index alone, and a method that rejects numbers may take as many as it needs.
 */
export class Draws {
  readonly #seed: number;
  readonly #stream: number;
  readonly #words = new Uint32Array(4);
  #element = 0;
  #block = 0;
  #used = 4;
  #spare = Number.NaN;

  constructor({ seed, stream }: Stream) {
    this.#seed = seed;
    this.#stream = stream;
  }

  /** Goes to the beginning of an element's numbers. */
  start(element: number): void {
    this.#element = element;
    this.#block = 0;
    this.#used = 4;
    this.#spare = Number.NaN;
  }

  /** 32 random bits. */
  word(): number {
    if (this.#used === 4) {
      philox(this.#block++, this.#element, DOMAIN, this.#seed, this.#stream, this.#words);
      this.#used = 0;
    }
    return this.#words[this.#used++]!;
  }

  /** Uniform in (0, 1), neither end included: the middles of 2⁵² equal parts. */
  unit(): number {
    const high = this.word() >>> 6;
    return (high * 0x4000000 + (this.word() >>> 6) + 0.5) * 2 ** -52;
  }

  /** A whole number from 0 to n − 1, each equally probable, for n up to 2³² (Lemire, ACM TOMACS 29, 2019). */
  below(n: number): number {
    let word = this.word();
    if (n === 2 ** 32) return word;
    let low = Math.imul(word, n) >>> 0;
    if (low < n) {
      const unfair = (2 ** 32 - n) % n;
      while (low < unfair) {
        word = this.word();
        low = Math.imul(word, n) >>> 0;
      }
    }
    return highWord(word, n, low);
  }

  /** Normal with mean 0 and deviation 1 (Box and Muller). */
  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare;
      this.#spare = Number.NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(this.unit()));
    const angle = 2 * Math.PI * this.unit();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(this.unit());
  }
}

/** The upper half of the 64-bit product a·b, whose lower half is known: with it the rounding of the double is undone. */
function highWord(a: number, b: number, low: number): number {
  return Math.round((a * b - low) * 2 ** -32);
}

/** The four words of block (c0, c1, c2, 0) under the key (k0, k1). */
export function philox(c0: number, c1: number, c2: number, k0: number, k1: number, out: Uint32Array): void {
  let [x0, x1, x2, x3] = [c0 >>> 0, c1 >>> 0, c2 >>> 0, 0];
  let key0 = k0 >>> 0;
  let key1 = k1 >>> 0;
  for (let round = 0; round < 10; round++) {
    const low0 = Math.imul(MULTIPLIER0, x0) >>> 0;
    const high0 = highWord(MULTIPLIER0, x0, low0);
    const low1 = Math.imul(MULTIPLIER1, x2) >>> 0;
    const high1 = highWord(MULTIPLIER1, x2, low1);
    x0 = (high1 ^ x1 ^ key0) >>> 0;
    x2 = (high0 ^ x3 ^ key1) >>> 0;
    x1 = low1;
    x3 = low0;
    key0 = (key0 + WEYL0) >>> 0;
    key1 = (key1 + WEYL1) >>> 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}
