// Reductions over axes: sum, mean, extremes and their positions, spread.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { Reduce, type ReduceCode } from "../engine/core.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { coreOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import { isFloating } from "../tensor/dtype.ts";
import { formatShape, readAxes, readAxis, type Shape, sizeOf } from "../tensor/shape.ts";
import { type Axes, type ReduceOptions, Tensor } from "../tensor/tensor.ts";
import { div, mul, sub, where } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { equal } from "./compare.ts";
import { sqrt, square } from "./elementwise.ts";
import { checkTensor, toFloat } from "./operand.ts";
import { broadcastTo, reshape } from "./shape.ts";

/** The shape after reducing the axes, with the reduced ones kept as 1. */
export function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
}

/** The shape after reducing the axes. */
export function finalShape(shape: Shape, axes: readonly number[], options: ReduceOptions | undefined): Shape {
  return options?.keepDims ? keptShape(shape, axes) : shape.filter((_, axis) => !axes.includes(axis));
}

/** Reduces floats or int32 without recording. Neighbouring axes go in one pass of the kernel, the last group first. */
export function reduceAxes(
  code: ReduceCode,
  x: Tensor,
  axes: readonly number[],
  shape: Shape,
  dtype = x.dtype,
): Tensor {
  let current = x;
  let sizes: readonly number[] = x.shape;
  const rest = [...axes];
  while (rest.length > 0) {
    const last = rest.pop()!;
    let first = last;
    while (rest.length > 0 && rest[rest.length - 1] === first - 1) first = rest.pop()!;
    const next = keptShape(
      sizes,
      Array.from({ length: last - first + 1 }, (_, i) => first + i),
    );
    const result = empty(next, dtype);
    const outer = sizeOf(sizes.slice(0, first));
    const inner = sizeOf(sizes.slice(last + 1));
    const length = sizeOf(sizes.slice(first, last + 1));
    if (current.dtype === "int32") reduceWhole(code, current, result, outer, length, inner);
    else coreOf(current.dtype).reduce(code, current.pointer(), result.pointer(), outer, length, inner);
    current = result;
    sizes = next;
  }
  return current === x
    ? x.clone().detach()
    : new Tensor(current.storage, current.offset, shape, current.dtype);
}

/** The same for int32, exactly. */
function reduceWhole(
  code: ReduceCode,
  x: Tensor,
  y: Tensor,
  outer: number,
  length: number,
  inner: number,
): void {
  const source = x.view();
  const target = y.view();
  for (let i = 0; i < outer; i++) {
    for (let k = 0; k < inner; k++) {
      const start = i * length * inner + k;
      let value = code === Reduce.sum ? 0 : source[start]!;
      let position = 0;
      for (let j = 0; j < length; j++) {
        const v = source[start + j * inner]!;
        if (code === Reduce.sum) {
          value += v;
        } else if (code === Reduce.max || code === Reduce.argMax ? v > value : v < value) {
          value = v;
          position = j;
        }
      }
      // NumPy's sums of int32 are int64: with the last 32 bits alone the sum would be another number.
      if (code === Reduce.sum && value !== (value | 0)) {
        throw new RangeError(`sum: ${value} does not fit into int32 — use .cast("float64").sum(…)`);
      }
      target[i * inner + k] = code === Reduce.argMax || code === Reduce.argMin ? position : value;
    }
  }
}

/** A gradient of the reduced shape, stretched back over the axes that were reduced. */
function stretch(gradient: Tensor, shape: Shape, axes: readonly number[]): Tensor {
  return broadcastTo(reshape(gradient, keptShape(shape, axes)), shape);
}

/** Bool and uint8 as int32: so they add up, and so the kernels know them. */
function countable(x: Tensor): Tensor {
  return isFloating(x.dtype) ? x : cast(x, "int32");
}

const sumRule: Rule = {
  name: "sum",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    give(x, stretch(gradient, x.shape, node.saved as readonly number[]));
  },
};

/**
 * The sum over the axes, all by default. Whole numbers give int32, and so does bool: the number of trues.
 *
 * @throws when an axis does not exist, or a sum of whole numbers does not fit into int32.
 * @example
 * sum(tensor([[1, 2], [3, 4]])).item() // → 10
 * sum(tensor([[1, 2], [3, 4]]), 1, { keepDims: true }).toArray() // → [ [ 3 ], [ 7 ] ]
 * sum(greater(tensor([0.5, 2, 3]), 1)) // → tensor(2, int32)
 */
export function sum(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  checkTensor("sum", x);
  if (options !== undefined) checkOptions("sum", options, "{ keepDims: true }");
  const axes = readAxes("sum", axis, x.rank);
  const result = reduceAxes(Reduce.sum, countable(x), axes, finalShape(x.shape, axes, options));
  return tracks(x) ? attach(result, sumRule, [x], axes) : result;
}

/** Sums a gradient over the axes along which a tensor of `shape` was broadcast. */
export function sumTo(gradient: Tensor, shape: Shape): Tensor {
  const missing = gradient.rank - shape.length;
  const axes: number[] = [];
  for (let axis = 0; axis < gradient.rank; axis++) {
    if (axis < missing || (shape[axis - missing] === 1 && gradient.shape[axis] !== 1)) axes.push(axis);
  }
  return reshape(sum(gradient, axes), shape);
}

const meanRule: Rule = {
  name: "mean",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const axes = node.saved as readonly number[];
    const count = sizeOf(axes.map((axis) => x.shape[axis]!));
    give(x, stretch(mul(gradient, 1 / count), x.shape, axes));
  },
};

/**
 * The mean over the axes, all by default; float32 or float64.
 *
 * @throws when an axis does not exist.
 * @example
 * mean(tensor([[1, 2], [3, 4]]), 0) // → tensor([2, 3])
 */
export function mean(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  checkTensor("mean", x);
  if (options !== undefined) checkOptions("mean", options, "{ keepDims: true }");
  const axes = readAxes("mean", axis, x.rank);
  const result = reduceAxes(Reduce.mean, toFloat(x), axes, finalShape(x.shape, axes, options));
  return tracks(x) ? attach(result, meanRule, [x], axes) : result;
}

const extremeRule = {
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const [axes, y] = node.saved as [readonly number[], Tensor];
    const hit = cast(equal(x, stretch(y.detach(), x.shape, axes)), x.dtype);
    const share = div(hit, sum(hit, axes, { keepDims: true }));
    give(x, mul(stretch(gradient, x.shape, axes), share));
  },
} satisfies Omit<Rule, "name">;
const maxRule: Rule = { name: "max", ...extremeRule };
const minRule: Rule = { name: "min", ...extremeRule };

function extreme(rule: Rule, code: ReduceCode, x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  const { name } = rule;
  checkTensor(name, x);
  if (options !== undefined) checkOptions(name, options, "{ keepDims: true }");
  const axes = readAxes(name, axis, x.rank);
  if (axes.some((a) => x.shape[a] === 0)) {
    throw new Error(`${name}: an axis of ${formatShape(x.shape)} is empty, it has no ${name}`);
  }
  // An element stays what it is: of truth values the largest is true or false.
  const result = cast(reduceAxes(code, countable(x), axes, finalShape(x.shape, axes, options)), x.dtype);
  return tracks(x) ? attach(result, rule, [x], [axes, result]) : result;
}

/**
 * The largest element over the axes, all by default, in the dtype of x. The gradient goes in equal parts to all that are largest.
 *
 * @throws when there is no element.
 * @example
 * max(tensor([[1, 5], [7, 2]]), 1) // → tensor([5, 7])
 */
export function max(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  return extreme(maxRule, Reduce.max, x, axis, options);
}

/**
 * The smallest element over the axes, all by default, in the dtype of x. The gradient goes in equal parts to all that are smallest.
 *
 * @throws when there is no element.
 * @example
 * min(tensor([[1, 5], [7, 2]])).item() // → 1
 */
export function min(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  return extreme(minRule, Reduce.min, x, axis, options);
}

/** Options of variance and std. */
export interface SpreadOptions extends ReduceOptions {
  /**
   * Divides by n − correction: 0 (default) for the whole population as in NumPy, 1 for a sample as in PyTorch. Where too few
   * numbers are left for that, the result is NaN or infinite.
   */
  correction?: number;
}

/**
 * The mean of the squared distances from the mean, over the axes, all by default.
 *
 * @throws when an axis does not exist.
 * @example
 * variance(tensor([1, 2, 3, 4])).item() // → 1.25
 */
export function variance(x: Tensor, axis?: Axes, options: SpreadOptions = {}): Tensor {
  return varianceOf("variance", x, axis, options);
}

function varianceOf(name: string, x: Tensor, axis: Axes | undefined, options: SpreadOptions): Tensor {
  checkTensor(name, x);
  checkOptions(name, options, "{ correction: 1 }");
  const axes = readAxes(name, axis, x.rank);
  const count = sizeOf(axes.map((a) => x.shape[a]!));
  const distances = square(sub(x, mean(x, axes, { keepDims: true })));
  return div(sum(distances, axes, options), Math.max(count - (options.correction ?? 0), 0));
}

/**
 * The standard deviation: the square root of the variance. Where all elements are equal, its gradient is 0.
 *
 * @throws when an axis does not exist.
 * @example
 * std(tensor([2, 4])).item() // → 1
 */
export function std(x: Tensor, axis?: Axes, options: SpreadOptions = {}): Tensor {
  return spread(varianceOf("std", x, axis, options));
}

/** The square root of a variance; where that is 0, the gradient is 0 as for a norm, though that of √ is infinite. */
export function spread(squares: Tensor): Tensor {
  if (!tracks(squares)) return sqrt(squares);
  const none = equal(squares, 0);
  return where(none, 0, sqrt(where(none, 1, squares)));
}

function position(name: string, code: ReduceCode, x: Tensor, axis?: number, options?: ReduceOptions): Tensor {
  checkTensor(name, x);
  const input = countable(x);
  if (axis === undefined) {
    const found = position(name, code, input.detach().reshape([x.size]), 0);
    return options?.keepDims ? found.reshape(x.shape.map(() => 1)) : found;
  }
  const along = readAxis(name, axis, x.rank);
  if (x.shape[along] === 0) throw new Error(`${name}: axis ${along} of ${formatShape(x.shape)} is empty`);
  return reduceAxes(code, input, [along], finalShape(x.shape, [along], options), "int32");
}

/**
 * The position of the largest element along an axis (the first of equals); without `axis`, in the flattened tensor.
 * dtype int32.
 *
 * @example
 * argMax(tensor([[1, 5], [7, 2]]), 1) // → tensor([1, 0], int32)
 */
export function argMax(x: Tensor, axis?: number, options?: ReduceOptions): Tensor {
  return position("argMax", Reduce.argMax, x, axis, options);
}

/**
 * The position of the smallest element along an axis (the first of equals); without `axis`, in the flattened tensor.
 * dtype int32.
 *
 * @example
 * argMin(tensor([3, 1, 2])).item() // → 1
 */
export function argMin(x: Tensor, axis?: number, options?: ReduceOptions): Tensor {
  return position("argMin", Reduce.argMin, x, axis, options);
}
