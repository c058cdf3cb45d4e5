// Normalizations: by batch, layer, group, instance, and by the root mean square. Composed, so that gradients of gradients work.
import { checkOptions } from "../tensor/arguments.ts";
import { describe, formatShape, readAxes } from "../tensor/shape.ts";
import type { Axes, ReduceOptions, Tensor } from "../tensor/tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { square } from "./elementwise.ts";
import { rsqrt } from "./exponential.ts";
import { checkTensor, toFloat } from "./operand.ts";
import { mean } from "./reduce.ts";
import { reshape } from "./shape.ts";

/** What normalized numbers are multiplied with and moved by. */
export interface NormOptions {
  /** The factor (γ); none by default. */
  gamma?: Tensor | null;
  /** The offset (β); none by default. */
  beta?: Tensor | null;
  /** Added to the variance, so that equal numbers do not divide by 0: 1e-5 as in PyTorch (Keras's layers have 1e-3). */
  epsilon?: number;
}

/**
 * The mean over the axes (all by default) and the mean of the squared distances from it: what a batch normalization needs
 * of a batch.
 *
 * @example
 * const { mean, variance } = functional.moments(tensor([[1, 2], [3, 6]]), 0);
 * mean // → tensor([2, 4])
 * variance // → tensor([1, 4])
 */
export function moments(
  input: Tensor,
  axis?: Axes,
  options: ReduceOptions = {},
): { mean: Tensor; variance: Tensor } {
  checkTensor("moments", input);
  const x = toFloat(input);
  const axes = readAxes("moments", axis, x.rank);
  const center = mean(x, axes, { keepDims: true });
  const variance = mean(square(sub(x, center)), axes, options);
  return { mean: options.keepDims ? center : reshape(center, variance.shape), variance };
}

function readEpsilon(name: string, { epsilon = 1e-5 }: NormOptions): number {
  if (epsilon >= 0) return epsilon;
  throw new RangeError(`${name}: epsilon is a small number from 0 up, got ${describe(epsilon)}`);
}

/** Refuses a factor or offset that would stretch the numbers to another shape. */
function checkFits(name: string, what: string, weight: Tensor, x: Tensor, axes: number): void {
  const wanted = x.shape.slice(x.rank - axes);
  const fits = weight.rank === wanted.length && weight.shape.every((size, i) => size === wanted[i]);
  if (!fits) {
    throw new Error(
      `${name}: ${what} ${formatShape(weight.shape)} must be ${formatShape(wanted)}, the last ` +
        `${axes === 1 ? "axis" : `${axes} axes`} of x ${formatShape(x.shape)}`,
    );
  }
}

function scaled(name: string, y: Tensor, { gamma, beta }: NormOptions, axes = 1): Tensor {
  let result = y;
  if (gamma) {
    checkFits(name, "gamma", gamma, y, axes);
    result = mul(result, gamma);
  }
  if (beta) {
    checkFits(name, "beta", beta, y, axes);
    result = add(result, beta);
  }
  return result;
}

/** (x − mean) / √(variance + ε) with those of the axes. */
function standardized(name: string, x: Tensor, axes: readonly number[], options: NormOptions): Tensor {
  const centered = sub(x, mean(x, axes, { keepDims: true }));
  const variance = mean(square(centered), axes, { keepDims: true });
  return mul(centered, rsqrt(add(variance, readEpsilon(name, options))));
}

/** Options of {@link batchNorm}. */
export interface BatchNormOptions extends NormOptions {
  /** The mean of each channel, `[channels]`: of the batch (`moments`), or moving along with training. */
  mean: Tensor;
  /** The variance of each channel, `[channels]`. */
  variance: Tensor;
}

/**
 * Batch normalization: γ (x − mean) / √(variance + ε) + β for each channel. Ioffe and Szegedy, ICML 2015.
 *
 * The statistics come from outside: in training those of the batch, `moments(x, [0, …])` over all axes but the last, through
 * which gradients flow; later those that were averaged along with training. x `[batch, …, channels]`.
 *
 * @throws when a shape does not fit.
 * @example
 * const x = tensor([[1, 2], [3, 6]]);
 * functional.batchNorm(x, { ...functional.moments(x, 0), epsilon: 0 }).toArray() // → [ [ -1, -1 ], [ 1, 1 ] ]
 */
export function batchNorm(input: Tensor, options: BatchNormOptions): Tensor {
  checkTensor("batchNorm", input);
  checkOptions("batchNorm", options, "{ mean, variance }");
  const x = toFloat(input);
  for (const what of ["mean", "variance"] as const) {
    checkTensor(`batchNorm: ${what}`, options[what]);
    checkFits("batchNorm", what, options[what], x, 1);
  }
  const factor = rsqrt(add(options.variance, readEpsilon("batchNorm", options)));
  return scaled("batchNorm", mul(sub(x, options.mean), factor), options);
}

/** Options of {@link layerNorm} and {@link rmsNorm}. */
export interface LayerNormOptions extends NormOptions {
  /** How many of the last axes are normalized together; 1 by default. Gamma and beta have their shape. */
  axes?: number;
}

function lastAxes(name: string, x: Tensor, axes: number): number[] {
  if (Number.isInteger(axes) && axes >= 1 && axes <= x.rank) {
    return readAxes(
      name,
      Array.from({ length: axes }, (_, i) => i - axes),
      x.rank,
    );
  }
  throw new RangeError(
    `${name}: axes is how many of the last axes go together, 1 to ${x.rank} for ${formatShape(x.shape)}, got ${describe(axes)}`,
  );
}

/**
 * Layer normalization: each sample by itself, over the last axis (or the last `axes` ones): mean 0 and variance 1, then γ
 * and β. Ba, Kiros and Hinton 2016.
 *
 * @throws when a shape does not fit.
 * @example
 * functional.layerNorm(tensor([[1, 3], [2, 6]]), { epsilon: 0 }).toArray() // → [ [ -1, 1 ], [ -1, 1 ] ]
 */
export function layerNorm(input: Tensor, options: LayerNormOptions = {}): Tensor {
  checkTensor("layerNorm", input);
  const x = toFloat(input);
  const { axes = 1 } = options;
  const normal = standardized("layerNorm", x, lastAxes("layerNorm", x, axes), options);
  return scaled("layerNorm", normal, options, axes);
}

/**
 * Normalization by the root mean square over the last axis (or the last `axes` ones): γ x / √(mean x² + ε) + β. Zhang and
 * Sennrich, NeurIPS 2019.
 *
 * @throws when a shape does not fit.
 * @example
 * functional.rmsNorm(tensor([1, 7]), { epsilon: 0 }) // → tensor([0.2, 1.4])
 */
export function rmsNorm(input: Tensor, options: LayerNormOptions = {}): Tensor {
  checkTensor("rmsNorm", input);
  const x = toFloat(input);
  const { axes = 1 } = options;
  const squares = mean(square(x), lastAxes("rmsNorm", x, axes), { keepDims: true });
  const factor = rsqrt(add(squares, readEpsilon("rmsNorm", options)));
  return scaled("rmsNorm", mul(x, factor), options, axes);
}

/**
 * Group normalization: the channels in `groups` of neighbours; in each sample each group over all positions. Gamma and beta
 * are `[channels]`. Wu and He, ECCV 2018. x `[batch, …, channels]`.
 *
 * @throws when the channels do not divide into the groups, or a shape does not fit.
 * @example
 * functional.groupNorm(tensor([[1, 3, 10, 30]]), 2, { epsilon: 0 }).toArray() // → [ [ -1, 1, -1, 1 ] ]
 */
export function groupNorm(input: Tensor, groups: number, options: NormOptions = {}): Tensor {
  return byGroups("groupNorm", input, groups, options);
}

/**
 * Instance normalization: in each sample each channel over all positions, a group normalization with as many groups as
 * channels. Ulyanov et al. 2016. x `[batch, …, channels]`.
 *
 * @throws when a shape does not fit.
 * @example
 * functional.instanceNorm(tensor([[[1], [3]], [[2], [6]]]), { epsilon: 0 }).flatten() // → tensor([-1,  1, -1,  1])
 */
export function instanceNorm(input: Tensor, options: NormOptions = {}): Tensor {
  checkTensor("instanceNorm", input);
  return byGroups("instanceNorm", input, input.shape[input.rank - 1] ?? 0, options);
}

function byGroups(name: string, input: Tensor, groups: number, options: NormOptions): Tensor {
  checkTensor(name, input);
  const x = toFloat(input);
  if (x.rank < 2) throw new Error(`${name}: x must be [batch, …, channels], got ${formatShape(x.shape)}`);
  const channels = x.shape[x.rank - 1]!;
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new RangeError(
      `${name}: ${channels} channels (the last axis of ${formatShape(x.shape)}) do not divide into ${describe(groups)} groups`,
    );
  }
  const [batch] = x.shape as [number];
  const positions = x.shape.slice(1, -1).reduce((product, size) => product * size, 1);
  const parts = reshape(x, [batch, positions, groups, channels / groups]);
  return scaled(name, reshape(standardized(name, parts, [1, 3], options), x.shape), options);
}
