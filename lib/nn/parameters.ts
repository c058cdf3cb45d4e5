// The variables of a layer or model, as a list that is read anew each time it is gone through.
import type { Tensor } from "../tensor/tensor.ts";

/**
 * The variables that training changes. A model that has not seen an input yet has none, so the list is a live one: an
 * optimizer that was made with it finds them when it makes its first step.
 */
export class Parameters implements Iterable<Tensor> {
  readonly #read: () => readonly Tensor[];

  constructor(read: () => readonly Tensor[]) {
    this.#read = read;
  }

  /** How many variables there are now. */
  get length(): number {
    return this.#read().length;
  }

  [Symbol.iterator](): Iterator<Tensor> {
    return this.#read()[Symbol.iterator]();
  }
}
