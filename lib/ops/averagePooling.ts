// Sum and average pooling in one to three dimensions, and pooling over all of an image.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import type { Window, WindowAxis } from "../engine/core.ts";
import { engineOf } from "../tensor/compute.ts";
import { empty, tensor } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mul } from "./arithmetic.ts";
import { checkTensor } from "./operand.ts";
import { outputShape, type PoolOptions, pooled } from "./pooling.ts";
import { max, mean } from "./reduce.ts";
import { channelOrder, type DataFormat, lengthsOf, readPadding } from "./window.ts";

/** Options of {@link avgPool2d} and its relatives. */
export interface AveragePoolOptions extends PoolOptions {
  /**
   * Whether cells of the padding count in the divisor: not by default, as in Keras; `true` is what PyTorch does by default.
   * Cells that only `ceilMode` adds never count.
   */
  countPadding?: boolean;
}

interface Scaled {
  geometry: Window;
  scale: number;
}

const sumPoolRule: Rule = {
  name: "sumPool",
  backward(gradient, node) {
    give(node.inputs[0] as Tensor, spread(gradient, node.saved as Scaled));
  },
};

const spreadRule: Rule = {
  name: "sumPool gradient",
  backward(gradient, node) {
    give(node.inputs[0] as Tensor, windowSums(gradient, node.saved as Scaled));
  },
};

/** scale · the sum of each window. */
function windowSums(x: Tensor, plan: Scaled): Tensor {
  const y = empty(outputShape(x, plan.geometry), x.dtype);
  engineOf(x.dtype).windows.sumPool(plan.geometry, x.pointer(), y.pointer(), plan.scale);
  return tracks(x) ? attach(y, sumPoolRule, [x], plan) : y;
}

/** Its gradient: every cell of a window gets the number of the window, times scale. */
function spread(dy: Tensor, plan: Scaled): Tensor {
  const dx = empty(
    [dy.shape[0]!, ...lengthsOf(plan.geometry, dy.rank - 2), plan.geometry.channels],
    dy.dtype,
  );
  engineOf(dy.dtype).windows.sumPoolGradient(plan.geometry, dy.pointer(), dx.pointer(), plan.scale);
  return tracks(dy) ? attach(dx, spreadRule, [dy], plan) : dx;
}

function sums(x: Tensor, geometry: Window): Tensor {
  return windowSums(x, { geometry, scale: 1 });
}

/**
 * Sums over stretches of a sequence: `[batch, steps, channels]` → `[batch, outSteps, channels]`. See {@link sumPool2d}.
 *
 * @example
 * sumPool1d(tensor([1, 3, 2, 5])) // → tensor([4, 7])
 */
export function sumPool1d(x: Tensor, options: PoolOptions = {}): Tensor {
  return pooled("sumPool1d", 1, x, options, sums);
}

/**
 * The sum of each window, for each channel. Shapes as for {@link maxPool2d}.
 *
 * @throws when the window is larger than the image with its padding.
 * @example
 * sumPool2d(tensor([[1, 2, 5, 6], [3, 4, 7, 8]])).toArray() // → [ [ 10, 26 ] ]
 */
export function sumPool2d(x: Tensor, options: PoolOptions = {}): Tensor {
  return pooled("sumPool2d", 2, x, options, sums);
}

/**
 * Sums over blocks of a volume: `[batch, depth, height, width, channels]` → `[batch, outDepth, outHeight, outWidth, channels]`.
 *
 * @example
 * sumPool3d(ones([2, 2, 2])).toArray() // → [ [ [ 8 ] ] ]
 */
export function sumPool3d(x: Tensor, options: PoolOptions = {}): Tensor {
  return pooled("sumPool3d", 3, x, options, sums);
}

/**
 * Averages over stretches of a sequence: `[batch, steps, channels]` → `[batch, outSteps, channels]`. See {@link avgPool2d}.
 *
 * @example
 * avgPool1d(tensor([1, 3, 2, 5])) // → tensor([2.0, 3.5])
 */
export function avgPool1d(x: Tensor, options: AveragePoolOptions = {}): Tensor {
  return averages("avgPool1d", 1, x, options);
}

/**
 * The average of each window, for each channel. Shapes as for {@link maxPool2d}.
 *
 * @throws when the window is larger than the image with its padding.
 * @example
 * avgPool2d(tensor([[1, 2, 5, 6], [3, 4, 7, 8]])).toArray() // → [ [ 2.5, 6.5 ] ]
 * avgPool2d(tensor([[1, 3]]), { poolSize: [1, 2], strides: 1, padding: "same" }).toArray() // → [ [ 2, 3 ] ]
 */
export function avgPool2d(x: Tensor, options: AveragePoolOptions = {}): Tensor {
  return averages("avgPool2d", 2, x, options);
}

/**
 * Averages over blocks of a volume: `[batch, depth, height, width, channels]` → `[batch, outDepth, outHeight, outWidth, channels]`.
 *
 * @example
 * avgPool3d(ones([2, 2, 2])).toArray() // → [ [ [ 1 ] ] ]
 */
export function avgPool3d(x: Tensor, options: AveragePoolOptions = {}): Tensor {
  return averages("avgPool3d", 3, x, options);
}

function averages(name: string, rank: number, x: Tensor, options: AveragePoolOptions): Tensor {
  return pooled(name, rank, x, options, (images, geometry) => {
    const axes = geometry.axes.slice(3 - rank);
    const padding = readPadding(name, options.padding ?? "valid", rank);
    const counts = axes.map((axis, i) => cellsCounted(axis, afterOf(axis, padding, i), options.countPadding));
    if (counts.every((list) => list.every((count) => count === list[0]))) {
      const cells = counts.reduce((product, list) => product * (list[0] ?? 1), 1);
      return windowSums(images, { geometry, scale: 1 / cells });
    }
    // How many cells count differs along the border: one factor a position, the product of one an axis.
    const factors = counts.map((list, i) => {
      const shape = axes.map((axis, j) => (i === j ? axis.positions : 1));
      const values = Float64Array.from(list, (count) => 1 / count);
      return tensor(values, { shape: [1, ...shape, 1], dtype: images.dtype });
    });
    return factors.reduce((product, factor) => mul(product, factor), sums(images, geometry));
  });
}

/** Cells of padding behind the last cell of an axis. */
function afterOf(axis: WindowAxis, padding: [number, number][] | string, index: number): number {
  if (typeof padding !== "string") return padding[index]![1];
  const end = (axis.positions - 1) * axis.stride - axis.before + (axis.window - 1) * axis.dilation + 1;
  return padding === "same" ? Math.max(end - axis.length, 0) : 0;
}

/** For each position of the window along an axis, how many of its cells count. */
function cellsCounted(axis: WindowAxis, after: number, countPadding = false): number[] {
  const low = countPadding ? -axis.before : 0;
  const high = axis.length + (countPadding ? after : 0);
  return Array.from({ length: axis.positions }, (_, position) => {
    let count = 0;
    for (let tap = 0; tap < axis.window; tap++) {
      const cell = position * axis.stride - axis.before + tap * axis.dilation;
      if (cell >= low && cell < high) count++;
    }
    return count;
  });
}

/** Options of {@link globalAveragePool} and {@link globalMaxPool}. */
export interface GlobalPoolOptions {
  /** Whether the pooled axes stay, with size 1; no by default. */
  keepDims?: boolean;
  dataFormat?: DataFormat;
}

/**
 * The average over all places of an image (sequence, volume), one number a channel: `[batch, …, channels]` →
 * `[batch, channels]`.
 *
 * @throws when there is no axis between batch and channels.
 * @example
 * globalAveragePool(tensor([[[1, 10], [3, 20]]])).toArray() // → [ [ 2, 15 ] ]
 */
export function globalAveragePool(x: Tensor, options: GlobalPoolOptions = {}): Tensor {
  return mean(x, placesOf("globalAveragePool", x, options), { keepDims: options.keepDims ?? false });
}

/**
 * The largest number over all places of an image (sequence, volume), one a channel: `[batch, …, channels]` →
 * `[batch, channels]`.
 *
 * @throws when there is no axis between batch and channels.
 * @example
 * globalMaxPool(tensor([[[1, 10], [3, 20]]])).toArray() // → [ [ 3, 20 ] ]
 */
export function globalMaxPool(x: Tensor, options: GlobalPoolOptions = {}): Tensor {
  return max(x, placesOf("globalMaxPool", x, options), { keepDims: options.keepDims ?? false });
}

function placesOf(name: string, x: Tensor, options: GlobalPoolOptions): number[] {
  checkTensor(name, x);
  if (x.rank < 3) {
    throw new Error(
      `${name}: x must have places between batch and channels, such as [batch, height, width, channels]; got ` +
        formatShape(x.shape),
    );
  }
  const first = channelOrder(options.dataFormat, name, x.rank, "last") === null ? 1 : 2;
  return Array.from({ length: x.rank - 2 }, (_, i) => first + i);
}
