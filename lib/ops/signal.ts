// Convolution as mathematics and signal processing have it, the filter flipped, and correlation, where it is not.
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { conv1d, conv2d } from "./convolution.ts";
import { checkTensor } from "./operand.ts";
import { flip } from "./rearrange.ts";

/**
 * Which part of a convolution: `"full"`: wherever the two overlap; `"same"`: the middle of that, as large as the larger one
 * (`convolve`, `correlate`: NumPy) or as the first (`convolve2d`, `correlate2d`: SciPy); `"valid"`: only where they overlap fully.
 */
export type ConvolveMode = "full" | "same" | "valid";

/**
 * The convolution of two vectors, (a ∗ b)ₙ = Σₘ aₘ bₙ₋ₘ, as `numpy.convolve`: the second is flipped, which the layers and
 * operations named conv… do not do. Commutative.
 *
 * @throws when one is no vector or empty.
 * @example
 * convolve(tensor([1, 2, 3]), tensor([0, 1, 0.5])) // → tensor([0.0, 1.0, 2.5, 4.0, 1.5])
 * convolve(tensor([1, 2, 3]), tensor([0, 1, 0.5]), "same") // → tensor([1.0, 2.5, 4.0])
 */
export function convolve(a: Tensor, b: Tensor, mode: ConvolveMode = "full"): Tensor {
  checkOperands("convolve", a, b, 1, mode);
  return b.size > a.size ? convolve(b, a, mode) : slide(a, flip(b), mode, lowerHalf);
}

/**
 * The correlation of two vectors, cₖ = Σₙ aₙ₊ₖ bₙ, as `numpy.correlate` (where "valid" is the default mode): nothing is flipped.
 *
 * @throws when one is no vector or empty.
 * @example
 * correlate(tensor([1, 2, 3]), tensor([0, 1, 0.5])) // → tensor([3.5])
 * correlate(tensor([1, 2, 3]), tensor([0, 1, 0.5]), "full") // → tensor([0.5, 2.0, 3.5, 3.0, 0.0])
 */
export function correlate(a: Tensor, b: Tensor, mode: ConvolveMode = "valid"): Tensor {
  checkOperands("correlate", a, b, 1, mode);
  return b.size > a.size ? flip(correlate(b, a, mode)) : slide(a, b, mode, lowerHalf);
}

/**
 * The convolution of two matrices, the second flipped in both directions, as `scipy.signal.convolve2d`.
 *
 * @throws when one is no matrix, or in mode "valid" neither is at least as large as the other.
 * @example
 * convolve2d(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [0, 0]]), "same").toArray() // → [ [ 1, 2 ], [ 3, 4 ] ]
 */
export function convolve2d(a: Tensor, b: Tensor, mode: ConvolveMode = "full"): Tensor {
  checkOperands("convolve2d", a, b, 2, mode);
  return swaps(a, b, mode) ? convolve2d(b, a, mode) : slide(a, flip(b), mode, lowerHalf);
}

/**
 * The correlation of two matrices, as `scipy.signal.correlate2d`: nothing is flipped.
 *
 * @throws when one is no matrix, or in mode "valid" neither is at least as large as the other.
 * @example
 * correlate2d(tensor([[1, 2], [3, 4]]), tensor([[0, 0], [0, 1]]), "valid").toArray() // → [ [ 4 ] ]
 */
export function correlate2d(a: Tensor, b: Tensor, mode: ConvolveMode = "full"): Tensor {
  checkOperands("correlate2d", a, b, 2, mode);
  return swaps(a, b, mode) ? flip(correlate2d(b, a, mode)) : slide(a, b, mode, (size) => size >> 1);
}

/** How many places of the full result stand before those of mode "same", for a filter of this size. */
type Skipped = (size: number) => number;

const lowerHalf: Skipped = (size) => (size - 1) >> 1;

function slide(a: Tensor, b: Tensor, mode: ConvolveMode, skipped: Skipped): Tensor {
  const padding = b.shape.map((size): [number, number] => {
    if (mode === "valid") return [0, 0];
    const before = mode === "full" ? size - 1 : size - 1 - skipped(size);
    return [before, mode === "full" ? size - 1 : size - 1 - before];
  });
  return a.rank === 1 ? conv1d(a, b, { padding }) : conv2d(a, b, { padding });
}

function swaps(a: Tensor, b: Tensor, mode: ConvolveMode): boolean {
  return mode === "valid" && b.shape.some((size, axis) => size > a.shape[axis]!);
}

function checkOperands(name: string, a: Tensor, b: Tensor, rank: number, mode: ConvolveMode): void {
  checkTensor(name, a);
  checkTensor(name, b);
  const shapes = `${formatShape(a.shape)} and ${formatShape(b.shape)}`;
  if (a.rank !== rank || b.rank !== rank || a.size === 0 || b.size === 0) {
    const kind = rank === 1 ? "vectors" : "matrices";
    throw new Error(
      `${name}: needs two ${kind} that are not empty, got ${shapes} — for batches and channels use conv${rank}d`,
    );
  }
  if (!["full", "same", "valid"].includes(mode)) {
    throw new TypeError(`${name}: unknown mode "${String(mode)}" — known are "full", "same", "valid"`);
  }
  const larger = (x: Tensor, y: Tensor) => x.shape.every((size, axis) => size >= y.shape[axis]!);
  if (mode === "valid" && !larger(a, b) && !larger(b, a)) {
    throw new Error(
      `${name}: with mode "valid" one of ${shapes} must be at least as large as the other in every direction`,
    );
  }
}
