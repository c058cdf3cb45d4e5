// Histograms: how many elements fall into each of neighbouring intervals.
import { checkOptions } from "../tensor/arguments.ts";
import { tensor } from "../tensor/create.ts";
import { linspace } from "../tensor/ranges.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { cast } from "./cast.ts";
import { checkTensor } from "./operand.ts";
import { checkAscending, countBefore } from "./unique.ts";

/** Options of {@link histogram}. */
export interface HistogramOptions {
  /** The number of intervals of equal width (10 by default), or their ascending edges, one more than intervals. */
  bins?: number | readonly number[] | Tensor;
  /** From where to where intervals of equal width go; from the smallest to the largest element by default. */
  range?: readonly [low: number, high: number];
  /** The share of each interval divided by its width, so that the area is 1, instead of the number of elements. */
  density?: boolean;
  /** What each element counts; 1 by default. */
  weights?: Tensor;
}

/** What {@link histogram} gives. */
export interface Histogram {
  /** int32; with density or weights float32 (float64 when tensor or weights are). */
  counts: Tensor;
  /** One more than counts, float32 (or float64, as the tensor). */
  edges: Tensor;
}

/**
 * How many elements fall into each interval: from its left edge up to, not including, its right one; the last
 * interval includes both. What lies outside is not counted. No gradient flows through counts, nor to the edges.
 *
 * @throws when the elements give no range (NaN or infinite) and none is given, or the edges do not ascend.
 * @example
 * const { counts, edges } = histogram(tensor([1, 2, 2, 5]), { bins: 2 });
 * counts // → tensor([3, 1], int32)
 * edges // → tensor([1, 3, 5])
 */
export function histogram(x: Tensor, options: HistogramOptions = {}): Histogram {
  checkTensor("histogram", x);
  checkOptions("histogram", options, "{ bins: 20 }");
  const { bins = 10, range, density = false, weights } = options;
  if (weights !== undefined && weights.size !== x.size) {
    throw new Error(
      `histogram: weights ${formatShape(weights.shape)} do not fit ${formatShape(x.shape)} — each element has one`,
    );
  }
  const exact = typeof bins === "number" ? equalEdges(x, bins, range) : givenEdges(x, bins);
  const edges = x.dtype === "int32" ? cast(exact, "float32") : exact;
  const list = checkAscending("histogram", exact);
  const values = x.view();
  const share = weights?.view();
  const counts = new Float64Array(list.length - 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= list[0]! && value <= list[list.length - 1]!)) continue;
    const bin = Math.min(countBefore(list, value, true) - 1, counts.length - 1);
    counts[bin]! += share === undefined ? 1 : share[i]!;
  }
  if (density) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    for (let i = 0; i < counts.length; i++) counts[i]! /= total * (list[i + 1]! - list[i]!);
  }
  const plain = !density && weights === undefined;
  const wide = weights?.dtype === "float64" || x.dtype === "float64";
  return { counts: tensor(counts, { dtype: plain ? "int32" : wide ? "float64" : "float32" }), edges };
}

/** In which elements are compared with edges: int32 has more digits than float32. */
function precision(x: Tensor): "float32" | "float64" {
  return x.dtype === "float64" || x.dtype === "int32" ? "float64" : "float32";
}

function givenEdges(x: Tensor, bins: readonly number[] | Tensor): Tensor {
  const edges = tensor(bins, { dtype: precision(x) });
  if (edges.rank === 1 && edges.size >= 2) return edges;
  throw new Error(
    `histogram: edges are a list of at least two ascending numbers, got the shape ${formatShape(edges.shape)}`,
  );
}

/** Edges of intervals of equal width. All elements equal: one half to each side, as in NumPy. */
function equalEdges(x: Tensor, bins: number, range: HistogramOptions["range"]): Tensor {
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(
      `histogram: bins is a whole number from 1 up or a list of edges, got ${describe(bins)}`,
    );
  }
  let [low, high] = range ?? extent(x);
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    const fix = range === undefined ? "; give one: { range: [low, high] } leaves out what lies outside" : "";
    throw new RangeError(
      `histogram: intervals need a finite range, from low to high, got ${low} to ${high}${fix}`,
    );
  }
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  return linspace(low, high, bins + 1, { dtype: precision(x) });
}

function extent(x: Tensor): [low: number, high: number] {
  if (x.size === 0) return [0, 1];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of x.view()) {
    if (Number.isNaN(value)) return [value, value];
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
