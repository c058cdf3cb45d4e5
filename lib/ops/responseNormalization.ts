// Normalization across neighbouring channels, as AlexNet has it.
import { checkOptions } from "../tensor/arguments.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { add, div, mul, pow } from "./arithmetic.ts";
import { square } from "./elementwise.ts";
import { checkTensor, toFloat } from "./operand.ts";
import { pad } from "./padding.ts";
import { slidingWindow } from "./rearrange.ts";
import { sum } from "./reduce.ts";

/** Options of {@link localResponseNorm}; the defaults are those of the paper. */
export interface ResponseNormOptions {
  /** How many neighbouring channels go together, n; 5 by default. */
  size?: number;
  /** k; 2 by default. */
  bias?: number;
  /** What the sum of squares counts, α; 10⁻⁴ by default. PyTorch divides its α by n. */
  alpha?: number;
  /** β; 0.75 by default. */
  beta?: number;
}

/**
 * Local response normalization: each number divided by (k + α Σ x²)^β, the sum going over the n channels around its own.
 * Krizhevsky, Sutskever and Hinton, NeurIPS 2012. x `[…, channels]`.
 *
 * @throws when x is a scalar, or size is no whole number from 1 up.
 * @example
 * functional.localResponseNorm(tensor([1, 2, 2]), { size: 3, bias: 0, alpha: 1, beta: 0.5 }) // → tensor([0.4472, 0.6667, 0.7071])
 */
export function localResponseNorm(input: Tensor, options: ResponseNormOptions = {}): Tensor {
  checkTensor("localResponseNorm", input);
  checkOptions("localResponseNorm", options, "{ size: 5 }");
  const { size = 5, bias = 2, alpha = 1e-4, beta = 0.75 } = options;
  if (!(Number.isInteger(size) && size > 0)) {
    throw new RangeError(`localResponseNorm: size is a whole number from 1 up, got ${describe(size)}`);
  }
  for (const [name, value] of Object.entries({ bias, alpha, beta })) {
    if (Number.isFinite(value)) continue;
    throw new RangeError(`localResponseNorm: ${name} is a finite number, got ${describe(value)}`);
  }
  if (input.rank === 0)
    throw new Error(`localResponseNorm: x must be […, channels], got ${formatShape(input.shape)}`);
  const x = toFloat(input);
  // With an even size one more of the channels before, as in PyTorch.
  const amounts = x.shape.map((_, i): [number, number] => {
    return i < x.rank - 1 ? [0, 0] : [Math.floor(size / 2), Math.floor((size - 1) / 2)];
  });
  const squares = sum(slidingWindow(pad(square(x), amounts), size, { axis: -1 }), -1);
  return div(x, pow(add(mul(squares, alpha), bias), beta));
}
