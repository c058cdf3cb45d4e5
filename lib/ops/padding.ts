// Padding: elements added around a tensor, constant or continued from its own.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { moverOf } from "../tensor/compute.ts";
import { filled, tensor } from "../tensor/create.ts";
import { bytesPerElement } from "../tensor/dtype.ts";
import { describe, formatShape, type Shape, stridesOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { gather } from "./gather.ts";
import { slice } from "./indexing.ts";
import { checkTensor } from "./operand.ts";
import { clone } from "./shape.ts";

/** How many elements to add before and after, for each axis. */
export type Amounts = readonly (readonly [before: number, after: number])[];

/** Options of {@link pad}. */
export interface PadOptions {
  /**
   * What is added: a `"constant"` (default), the numbers mirrored at the end element (`"reflect"`) or behind it
   * (`"symmetric"`), the end element again and again (`"edge"`), or the numbers from the other end (`"wrap"`).
   */
  mode?: "constant" | "reflect" | "symmetric" | "edge" | "wrap";
  /** The constant; 0 by default. */
  value?: number;
}

function modulo(i: number, n: number): number {
  return ((i % n) + n) % n;
}

/** Which element of an axis of length n continues it at position i. */
const continuations: Readonly<Record<string, (i: number, n: number) => number>> = {
  edge: (i, n) => Math.min(Math.max(i, 0), n - 1),
  wrap: modulo,
  symmetric(i, n) {
    const j = modulo(i, 2 * n);
    return j < n ? j : 2 * n - 1 - j;
  },
  reflect(i, n) {
    const j = n === 1 ? 0 : modulo(i, 2 * n - 2);
    return j < n ? j : 2 * n - 2 - j;
  },
};

/** Names that other libraries have for the modes. */
const meant: Readonly<Record<string, string>> = { replicate: "edge", circular: "wrap", mirror: "reflect" };

const padRule: Rule = {
  name: "pad",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    let dx = gradient;
    (node.saved as Amounts).forEach(([before], axis) => {
      if (dx.shape[axis] !== x.shape[axis]) dx = slice(dx, before, before + x.shape[axis]!, { axis });
    });
    give(x, dx);
  },
};

/**
 * Elements added around a tensor: `amounts` gives, for each axis, how many before and after; one number stands for all.
 * Zeros by default; `mode` and `value` choose others. Modes are called as in NumPy.
 *
 * @throws when there is not one pair for each axis, an empty axis has nothing to continue, or the dtype does not hold the
 *   constant.
 * @example
 * pad(tensor([1, 2]), [[1, 2]]) // → tensor([0, 1, 2, 0, 0])
 * pad(tensor([1, 2, 3]), 2, { mode: "reflect" }) // → tensor([3, 2, 1, 2, 3, 2, 1])
 */
export function pad(x: Tensor, amounts: Amounts | number, options: PadOptions = {}): Tensor {
  checkTensor("pad", x);
  const pairs = readAmounts(x.shape, amounts);
  const { mode = "constant", value = 0 } = options;
  if (mode === "constant") return padConstant(x, pairs, value);
  const continuation = continuations[mode];
  if (continuation === undefined) {
    const guess = meant[String(mode)];
    throw new TypeError(
      `pad: unknown mode ${describe(mode)} — ${
        guess
          ? `did you mean "${guess}"?`
          : `known are "constant", ${Object.keys(continuations)
              .map((name) => `"${name}"`)
              .join(", ")}`
      }`,
    );
  }
  const result = pairs.reduce((padded, [before, after], axis) => {
    const length = x.shape[axis]!;
    if (before + after === 0) return padded;
    if (length === 0) {
      throw new Error(
        `pad: axis ${axis} of ${formatShape(x.shape)} is empty, mode "${mode}" has nothing to continue`,
      );
    }
    const positions = Int32Array.from({ length: before + length + after }, (_, i) =>
      continuation(i - before, length),
    );
    return gather(padded, tensor(positions), { axis });
  }, x);
  return result === x ? clone(x) : result;
}

function readAmounts(shape: Shape, amounts: Amounts | number): Amounts {
  const pairs = typeof amounts === "number" ? shape.map(() => [amounts, amounts] as const) : amounts;
  if (!Array.isArray(pairs) || pairs.length !== shape.length) {
    throw new Error(
      `pad: ${formatShape(shape)} has ${shape.length} axes, so ${shape.length} pairs [before, after] are needed, got ` +
        `${Array.isArray(pairs) ? pairs.length : describe(pairs)}`,
    );
  }
  for (const pair of pairs) {
    if (Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isInteger(n) && n >= 0))
      continue;
    throw new RangeError(
      `pad: each axis has two whole numbers [before, after] from 0 up, got ${Array.isArray(pair) ? formatShape(pair) : describe(pair)}`,
    );
  }
  return pairs;
}

function padConstant(x: Tensor, amounts: Amounts, value: number): Tensor {
  const shape = x.shape.map((size, axis) => size + amounts[axis]![0] + amounts[axis]![1]);
  const result = filled("pad", shape, value, { dtype: x.dtype });
  const strides = stridesOf(shape);
  const start = amounts.reduce((sum, [before], axis) => sum + before * strides[axis]!, 0);
  if (x.size > 0) {
    const target = result.pointer() + bytesPerElement[x.dtype] * start;
    moverOf(x.dtype).copyStrided(x.pointer(), stridesOf(x.shape), target, strides, x.shape);
  }
  return tracks(x) ? attach(result, padRule, [x], amounts) : result;
}
