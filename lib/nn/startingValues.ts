// What `initializers` holds in "lectern": starting values of weights with settings of their own. Each gives a function from
// the shape to the values; those without settings have names, such as "heNormal".

import { random } from "../random/random.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { full } from "../tensor/create.ts";
import { describe, type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { choose } from "./choose.ts";

/** The starting values of a weight of that shape. */
type Values = (shape: Shape) => Tensor;

/** The deviation of the standard normal distribution cut off at ±2: √(1 − 4 · φ(2) / (2 · Φ(2) − 1)), as Keras has it too. */
const truncatedDeviation = 0.8796256610342398;

/**
 * One number everywhere.
 *
 * @example
 * const layer = dense(2, { inputShape: [1], kernelInitializer: initializers.constant(0.5) });
 * layer.kernel // → tensor([[0.5, 0.5]])
 */
export function constant(value: number): Values {
  return (shape) => full(shape, value);
}

/**
 * Normal numbers; mean 0 and deviation 0.05 by default, as in Keras.
 *
 * @example
 * initializers.randomNormal({ std: 0.01 })([3, 2]).shape // → [ 3, 2 ]
 */
export function randomNormal(options: { mean?: number; std?: number } = {}): Values {
  checkOptions("randomNormal", options, "{ std: 0.05 }");
  const { mean = 0, std = 0.05 } = options;
  return (shape) => random.normal(shape, { mean, std });
}

/**
 * Uniform numbers; between −0.05 and 0.05 by default, as in Keras.
 *
 * @example
 * initializers.randomUniform({ low: 0, high: 1 })([100]).min().item() >= 0 // → true
 */
export function randomUniform(options: { low?: number; high?: number } = {}): Values {
  checkOptions("randomUniform", options, "{ low: -0.05, high: 0.05 }");
  const { low = -0.05, high = 0.05 } = options;
  return (shape) => random.uniform(shape, { low, high });
}

/**
 * Normal numbers that are drawn again when more than two deviations from the mean; mean 0 and deviation 0.05 (before the
 * cut) by default, as in Keras.
 *
 * @example
 * initializers.truncatedNormal({ std: 1 })([100]).abs().max().item() <= 2 // → true
 */
export function truncatedNormal(options: { mean?: number; std?: number } = {}): Values {
  checkOptions("truncatedNormal", options, "{ std: 0.05 }");
  const { mean = 0, std = 0.05 } = options;
  return (shape) => random.truncatedNormal(shape, { mean, std });
}

/** Options of {@link varianceScaling}. */
export interface VarianceScalingOptions {
  /** The variance times the number of connections; 1 by default. */
  scale?: number;
  /** Which connections count: into an output (default), out of an input, or the mean of both. */
  mode?: "fanIn" | "fanOut" | "fanAverage";
  /** `"truncatedNormal"` (default) keeps within two deviations, and its deviation is corrected for that. */
  distribution?: "truncatedNormal" | "normal" | "uniform";
}

/**
 * Numbers of variance scale / n, where n is the number of connections: what Glorot's, He's and LeCun's initializers are
 * made of. Uniform numbers lie within ±√(3 · scale / n); with scale 1/3 that is ±1/√n, as PyTorch's layers start.
 *
 * @throws when the scale is not above 0, or a name is unknown.
 * @example
 * const start = initializers.varianceScaling({ scale: 1 / 3, distribution: "uniform" });
 * start([25, 10]).abs().max().item() <= 1 / Math.sqrt(25) // → true
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Values {
  checkOptions("varianceScaling", options, "{ scale: 2 }");
  const { scale = 1 } = options;
  if (!(scale > 0)) throw new RangeError(`varianceScaling: scale must be above 0, got ${describe(scale)}`);
  const connections = choose("mode", options.mode ?? "fanIn", modes);
  const draw = choose("distribution", options.distribution ?? "truncatedNormal", distributions);
  return (shape) => draw(shape, scale / Math.max(1, connections(fans(shape))));
}

interface Fans {
  fanIn: number;
  fanOut: number;
}

const modes = {
  fanIn: ({ fanIn }: Fans) => fanIn,
  fanOut: ({ fanOut }: Fans) => fanOut,
  fanAverage: ({ fanIn, fanOut }: Fans) => (fanIn + fanOut) / 2,
};

const distributions = {
  truncatedNormal: (shape: Shape, variance: number) =>
    random.truncatedNormal(shape, { std: Math.sqrt(variance) / truncatedDeviation }),
  normal: (shape: Shape, variance: number) => random.normal(shape, { std: Math.sqrt(variance) }),
  uniform: (shape: Shape, variance: number) => {
    const limit = Math.sqrt(3 * variance);
    return random.uniform(shape, { low: -limit, high: limit });
  },
};

/**
 * How many inputs feed one output, and how many outputs one input feeds. Kernels are `[in, out]` or, for convolutions,
 * `[height, width, in, out]`, where each position of the window counts.
 */
function fans(shape: Shape): Fans {
  if (shape.length < 2) return { fanIn: sizeOf(shape), fanOut: sizeOf(shape) };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: window * shape[shape.length - 2]!, fanOut: window * shape[shape.length - 1]! };
}
