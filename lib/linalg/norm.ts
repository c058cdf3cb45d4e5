// Norms of vectors and matrices.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { div, mul, pow, where } from "../ops/arithmetic.ts";
import { equal } from "../ops/compare.ts";
import { abs, sign } from "../ops/elementwise.ts";
import { checkTensor, toFloat } from "../ops/operand.ts";
import { max, min, sum } from "../ops/reduce.ts";
import { reshape, transpose } from "../ops/shape.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { describe, formatShape, readAxes, readAxis, type Shape, sizeOf } from "../tensor/shape.ts";
import type { Axes, Tensor } from "../tensor/tensor.ts";
import { fromNumbers } from "./batch.ts";
import { svd } from "./svd.ts";

/** Options of {@link norm}. */
export interface NormOptions {
  /**
   * Which norm. Of vectors: a number p for (Σ|x|ᵖ)^(1/p), Infinity the largest, −Infinity the smallest absolute value, 0 the
   * number of elements that are not 0. Of matrices: "fro" √Σx², "nuc" the sum and 2 the largest (−2 the smallest) of the singular
   * values, 1 the largest (−1 the smallest) sum of absolute values of a column, ±Infinity of a row.
   */
  ord?: number | "fro" | "nuc";
  /** One axis for vectors, two (rows, columns) for matrices; left out: of all elements, or of a vector or matrix by its rank when `ord` is given. */
  axis?: Axes;
  /** Keeps the reduced axes with size 1. */
  keepDims?: boolean;
}

interface VectorMemory {
  p: number;
  result: Tensor;
}

const vectorRule: Rule = {
  name: "norm",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const { p, result } = node.saved as VectorMemory;
    const columns = [...result.shape, 1];
    const g = reshape(gradient, columns);
    if (p === 1) {
      give(x, mul(g, sign(x)));
      return;
    }
    const size = reshape(result, columns);
    if (!Number.isFinite(p)) {
      // Shared by all that are largest, as in PyTorch.
      const hit = equal(abs(x.detach()), size.detach()).cast(x.dtype);
      give(x, mul(g, div(mul(sign(x), hit), sum(hit, -1, { keepDims: true }))));
      return;
    }
    // At zero the norm has a kink; 0 is a subgradient there.
    const divisor = where(equal(size, 0), 1, size);
    if (p === 2) {
      give(x, mul(g, div(x, divisor)));
      return;
    }
    // Zeros are kept from the power, which for small p is infinite there, or has infinite derivatives.
    const zero = equal(x, 0);
    const share = where(zero, 1, div(abs(x), divisor));
    give(x, mul(g, where(zero, 0, mul(sign(x), pow(share, p - 1)))));
  },
};

/** The norms of the rows of `[…, length]`, computed in float64. */
function rowNorms(x: Tensor, p: number): Tensor {
  const shape = x.shape.slice(0, -1);
  const length = x.shape[x.rank - 1]!;
  const source = x.view();
  const numbers = Float64Array.from({ length: sizeOf(shape) }, (_, row) => {
    let scale = p === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : 0;
    let count = 0;
    const start = row * length;
    for (let i = start; i < start + length; i++) {
      const v = Math.abs(source[i]!);
      scale = p === Number.NEGATIVE_INFINITY ? Math.min(scale, v) : Math.max(scale, v);
      if (v !== 0) count++;
    }
    if (p === 0) return count;
    if (!Number.isFinite(p) || (scale === 0 && length > 0) || !Number.isFinite(scale)) return scale;
    // Relative to the largest, so that powers neither overflow nor vanish.
    let total = 0;
    for (let i = start; i < start + length; i++) {
      const v = Math.abs(source[i]!) / scale;
      total += p === 2 ? v * v : p === 1 ? v : v ** p;
    }
    return scale * (p === 2 ? Math.sqrt(total) : total ** (1 / p));
  });
  const result = fromNumbers(numbers, shape, x.dtype);
  if (p === 0 || !tracks(x)) return result;
  return attach(result, vectorRule, [x], { p, result } satisfies VectorMemory);
}

/** The named axes made last, in their order. */
function axesLast(x: Tensor, axes: readonly number[]): Tensor {
  const others = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const order = [...others, ...axes];
  return order.every((axis, i) => axis === i) ? x : transpose(x, order);
}

function matrixNorm(x: Tensor, ord: number | "nuc"): Tensor {
  if (ord === "nuc") return sum(svd(x).s, -1);
  if (ord === 2) return max(svd(x).s, -1);
  if (ord === -2) return min(svd(x).s, -1);
  const sums = sum(abs(x), Math.abs(ord) === 1 ? -2 : -1);
  return ord > 0 ? max(sums, -1) : min(sums, -1);
}

/**
 * The norm of a vector or matrix, or of many along `axis`. By default √Σx² over all elements: the length of a vector, the
 * Frobenius norm of a matrix.
 *
 * @throws when there is no such norm, or the axes do not fit it; norms by singular values, when a number is not finite.
 * @example
 * norm(tensor([3, 4])).item() // → 5
 * norm(tensor([[1, -2], [3, 4]]), { ord: 1, axis: 1 }) // → tensor([3, 7])
 * norm(tensor([[3, 0], [0, -4]]), { ord: "nuc" }).item() // → 7
 */
export function norm(input: Tensor, options: NormOptions = {}): Tensor {
  checkTensor("norm", input);
  checkOptions("norm", options, "{ ord: 1 }");
  const { ord } = options;
  checkOrder(ord);
  const x = toFloat(input);
  const axes = axesInOrder(options.axis, x.rank);
  const asMatrix = ord === "nuc" || ord === "fro" || (ord !== undefined && axes.length === 2);
  if (asMatrix ? axes.length !== 2 : ord !== undefined && axes.length !== 1) {
    const wanted = asMatrix ? "two axes" : "one axis, or two for a matrix norm";
    throw new Error(
      `norm: ord ${describe(ord)} needs ${wanted} — of ${formatShape(x.shape)} it is given ${axes.length}; name them with { axis }`,
    );
  }
  const last = axesLast(x, axes);
  const outer = last.shape.slice(0, last.rank - axes.length);
  const keptShape = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const shape: Shape = options.keepDims ? keptShape : outer;
  if (asMatrix && ord !== "fro") {
    if (![1, 2, -1, -2, Infinity, -Infinity, "nuc"].includes(ord!)) {
      throw new Error(
        `norm: there is no matrix norm ${ord} — ord is "fro", "nuc", 1, 2, Infinity or their negatives; or name one axis`,
      );
    }
    return reshape(matrixNorm(last, ord!), shape);
  }
  const length = sizeOf(axes.map((axis) => x.shape[axis]!));
  return reshape(rowNorms(reshape(last, [...outer, length]), typeof ord === "number" ? ord : 2), shape);
}

/** The named axes as they were named: of a matrix, rows first. */
function axesInOrder(axis: Axes | undefined, rank: number): number[] {
  const sorted = readAxes("norm", axis, rank);
  return typeof axis === "object" ? axis.map((i) => readAxis("norm", i, rank)) : sorted;
}

function checkOrder(ord: unknown): void {
  if (ord === undefined || ord === "fro" || ord === "nuc") return;
  if (typeof ord === "number" && !Number.isNaN(ord)) return;
  throw new TypeError(`norm: ord is a number, "fro" or "nuc", got ${describe(ord)}`);
}
