// One block of memory for all parameters of an optimizer, and blocks laid out alike for their gradients and moments,
// so that a step is one pass over long arrays instead of a call per parameter.
import type { Pointer } from "../engine/core.ts";
import type { FloatCore } from "../engine/plain/index.ts";
import { coreOf } from "../tensor/compute.ts";
import { zeros } from "../tensor/create.ts";
import { bytesPerElement, type DType } from "../tensor/dtype.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Parameters begin on 64-byte boundaries, where vector instructions like them. */
const alignment = 16;

/** A stretch of the blocks: where it begins in each of them, and how many numbers long it is. */
export interface Stretch {
  /** What computes with numbers of this type. */
  core: FloatCore;
  dtype: DType;
  weights: Pointer;
  gradients: Pointer;
  slots: Pointer[];
  length: number;
}

export class Arena {
  readonly parameters: readonly Tensor[];
  readonly #offsets: number[] = [];
  readonly #weights: Tensor;
  readonly #gradients: Tensor;
  readonly #slots: Tensor[];
  /** The place of each parameter's gradient in the block. */
  readonly #gradientViews: Tensor[];
  /** All of it: the blocks are pinned, so their addresses hold. */
  readonly #everything: Stretch;

  /**
   * Moves the parameters, all of one dtype, into a new block.
   * @param slotCount how many numbers the optimizer remembers per weight
   * @param previous the arena they come from, whose memory of the parameters is taken over
   */
  constructor(parameters: readonly Tensor[], slotCount: number, previous: Arena | null) {
    this.parameters = parameters;
    const { dtype } = parameters[0];
    let length = 0;
    for (const parameter of parameters) {
      this.#offsets.push(length);
      length += Math.ceil(parameter.size / alignment) * alignment;
    }
    this.#weights = zeros([length], { dtype });
    this.#gradients = zeros([length], { dtype });
    this.#slots = Array.from({ length: slotCount }, () => zeros([length], { dtype }));
    this.#everything = {
      core: coreOf(dtype),
      dtype,
      weights: this.#weights.storage.pin(),
      gradients: this.#gradients.storage.pin(),
      slots: this.#slots.map((slot) => slot.storage.pin()),
      length,
    };
    this.#gradientViews = parameters.map((parameter, index) =>
      place(this.#gradients, this.#offsets[index], parameter),
    );
    previous?.parameters.forEach((parameter, index) => {
      const now = parameters.indexOf(parameter);
      this.#slots.forEach((slot, i) => {
        const from = place(previous.#slots[i], previous.#offsets[index], parameter);
        place(slot, this.#offsets[now], parameter).assign(from);
      });
    });
    this.claim();
  }

  get dtype(): DType {
    return this.#weights.dtype;
  }

  /**
   * Sees to it that every parameter and its gradient are in this arena: another optimizer may have moved them, and a
   * gradient may have been computed before, or set by hand.
   */
  claim(): void {
    const { parameters } = this;
    for (let i = 0; i < parameters.length; i++) {
      const parameter = parameters[i];
      const offset = this.#offsets[i];
      if (parameter.storage !== this.#weights.storage || parameter.offset !== offset) {
        place(this.#weights, offset, parameter).assign(parameter.detach());
        parameter.storage = this.#weights.storage;
        parameter.offset = offset;
      }
      const view = this.#gradientViews[i];
      const { grad } = parameter;
      if (grad !== null && grad !== view) {
        view.assign(grad.detach());
        parameter.grad = view;
      }
      parameter.gradientBuffer = view;
    }
  }

  /** The optimizer has changed the parameters. */
  markChanged(): void {
    this.#weights.storage.markChanged();
  }

  /** The stretches of parameters that have a gradient: mostly one, the whole arena. */
  stretches(): Stretch[] {
    const { parameters } = this;
    if (parameters.every(hasGradient)) return [this.#everything];
    const found: Stretch[] = [];
    let start = 0;
    for (let i = 0; i <= parameters.length; i++) {
      if (i < parameters.length && hasGradient(parameters[i])) continue;
      const end = this.#offsets[i] ?? this.#everything.length;
      if (end > start) found.push(part(this.#everything, start, end));
      start = this.#offsets[i + 1] ?? this.#everything.length;
    }
    return found;
  }
}

function hasGradient(parameter: Tensor): boolean {
  return parameter.grad !== null;
}

function part(whole: Stretch, start: number, end: number): Stretch {
  const bytes = start * bytesPerElement[whole.dtype];
  return {
    ...whole,
    weights: whole.weights + bytes,
    gradients: whole.gradients + bytes,
    slots: whole.slots.map((slot) => slot + bytes),
    length: end - start,
  };
}

/** The part of a block that belongs to a parameter, in the parameter's shape. */
function place(block: Tensor, offset: number, parameter: Tensor): Tensor {
  return new Tensor(block.storage, block.offset + offset, parameter.shape, block.dtype);
}
