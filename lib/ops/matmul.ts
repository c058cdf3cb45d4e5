// Matrix products: matmul, and the fused layer linear (product, bias and relu in one pass).
import { attach, give, gradientSlot, mode, type Node, needs, type Rule, tracks } from "../autograd/graph.ts";
import { coreOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import { bytesPerElement, isFloating } from "../tensor/dtype.ts";
import { broadcastShapes, formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mul } from "./arithmetic.ts";
import { greater } from "./compare.ts";
import { broadcastStrides, checkFused, checkTensor, isWhole, toCommonFloat, toFloat } from "./operand.ts";
import { sum } from "./reduce.ts";
import { reshape, squeeze } from "./shape.ts";
import { multiplyWhole, toCommonWhole } from "./wholeProduct.ts";

interface Transposed {
  a: boolean;
  b: boolean;
}

/** op(a) · op(b) of tensors of one type, rank ≥ 2, where op transposes the last two axes; batch axes broadcast. */
export function product(a: Tensor, b: Tensor, transA: boolean, transB: boolean): Tensor {
  const result = computeProduct(a, b, transA, transB);
  return tracks(a, b) ? attach(result, productRule, [a, b], { a: transA, b: transB }) : result;
}

function computeProduct(a: Tensor, b: Tensor, transA: boolean, transB: boolean): Tensor {
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const m = transA ? columnsA : rowsA;
  const k = transA ? rowsA : columnsA;
  const n = transB ? rowsB : columnsB;
  const batch = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const result = empty([...batch, m, n], a.dtype);
  const count = sizeOf(batch);
  const startsA = batchStarts(a.shape.slice(0, -2), batch, rowsA * columnsA);
  const startsB = batchStarts(b.shape.slice(0, -2), batch, rowsB * columnsB);
  if (!isFloating(a.dtype)) {
    const [x, y, z] = [a.view(), b.view(), result.view()];
    for (let i = 0; i < count; i++)
      multiplyWhole(x.subarray(startsA[i]!), y.subarray(startsB[i]!), z.subarray(i * m * n), m, n, k);
    return result;
  }
  const core = coreOf(a.dtype);
  const bytes = bytesPerElement[a.dtype];
  const [p, q, r] = [a.pointer(), b.pointer(), result.pointer()];
  for (let i = 0; i < count; i++) {
    const [x, y] = [p + bytes * startsA[i]!, q + bytes * startsB[i]!];
    core.gemm(
      transA ? 1 : 0,
      transB ? 1 : 0,
      x,
      columnsA,
      y,
      columnsB,
      r + bytes * i * m * n,
      n,
      m,
      n,
      k,
      0,
      0,
      0,
    );
  }
  return result;
}

/** Where the matrix for each entry of the broadcast batch begins, in elements. */
export function batchStarts(shape: Shape, batch: Shape, matrixSize: number): number[] {
  const strides = broadcastStrides(shape, batch);
  let starts = [0];
  batch.forEach((size, axis) => {
    starts = starts.flatMap((start) => Array.from({ length: size }, (_, i) => start + i * strides[axis]!));
  });
  return starts.map((start) => start * matrixSize);
}

const productRule: Rule = {
  name: "matmul",
  backward(gradient, node) {
    const [a, b] = node.inputs as readonly [Tensor, Tensor];
    const transposed = node.saved as Transposed;
    if (needs(a)) {
      give(
        a,
        transposed.a ? product(b, gradient, transposed.b, true) : product(gradient, b, false, !transposed.b),
      );
    }
    if (needs(b)) {
      give(
        b,
        transposed.b ? product(gradient, a, true, transposed.a) : product(a, gradient, !transposed.a, false),
      );
    }
  },
};

/**
 * The matrix product.
 *
 * Shapes `[…, m, k] · […, k, n]` → `[…, m, n]`; leading axes broadcast. A vector counts as a row on the left and as a
 * column on the right, and its axis vanishes from the result, as in NumPy. Whole numbers stay whole, and exact.
 *
 * @throws when the inner sizes differ.
 * @example
 * matmul(tensor([[1, 2], [3, 4]]), tensor([[1], [10]])).toArray() // → [ [ 21 ], [ 43 ] ]
 * matmul(tensor([1, 2]), tensor([3, 4])).item() // → 11
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkTensor("matmul", a);
  checkTensor("matmul", b);
  if (a.rank === 0 || b.rank === 0) {
    throw new Error(
      `matmul: ${formatShape(a.shape)} · ${formatShape(b.shape)} — a scalar has no rows; use mul instead`,
    );
  }
  const inner = b.rank === 1 ? b.shape[0] : b.shape[b.rank - 2];
  if (a.shape[a.rank - 1] !== inner) throw new Error(explainInner("matmul", a.shape, b.shape));
  const [p, q] = isWhole(a) && isWhole(b) ? toCommonWhole(a, b) : toCommonFloat(a, b);
  if (p.rank === 1) return squeeze(matmul(reshape(p, [1, p.size]), q), q.rank === 1 ? 0 : -2);
  if (q.rank === 1) return squeeze(matmul(p, reshape(q, [q.size, 1])), -1);
  if (p.rank > 2 && q.rank === 2) {
    // One large product instead of a small one for each entry of the batch.
    const rows = reshape(p, [sizeOf(p.shape.slice(0, -1)), p.shape[p.rank - 1]!]);
    return reshape(product(rows, q, false, false), [...p.shape.slice(0, -1), q.shape[1]!]);
  }
  return product(p, q, false, false);
}

function explainInner(name: string, a: Shape, b: Shape): string {
  const inner = a[a.length - 1]!;
  const other = b.length === 1 ? b[0]! : b[b.length - 2]!;
  const message = `${name}: ${formatShape(a)} · ${formatShape(b)} — inner sizes differ (${inner} and ${other})`;
  if (b.length >= 2 && b[b.length - 1] === inner) return `${message}; did you mean b.transpose()?`;
  if (a.length >= 2 && a[a.length - 2] === other) return `${message}; did you mean a.transpose()?`;
  return `${message}; the last axis of a must be as long as the ${b.length === 1 ? "vector" : "second last axis of"} b`;
}

/** Options of {@link linear}. */
export interface LinearOptions {
  /** Applied to the result in the same pass. */
  activation?: "linear" | "relu";
}

/** What the rule of linear remembers: the output when it went through relu. */
interface LinearMemory {
  y: Tensor | null;
}

const linearRule: Rule = {
  name: "linear",
  backward(gradient, node) {
    if (mode.recording) linearBackwardRecorded(gradient, node);
    else linearBackward(gradient, node);
  },
};

function linearBackwardRecorded(gradient: Tensor, node: Node): void {
  const [x, weight, bias] = node.inputs as readonly [Tensor, Tensor, Tensor?];
  const { y } = node.saved as LinearMemory;
  const g = y === null ? gradient : mul(gradient, toFloat(greater(y, 0)));
  if (needs(x)) give(x, product(g, weight, false, true));
  if (needs(weight)) give(weight, product(x, g, true, false));
  if (needs(bias)) give(bias, sum(g, 0));
}

function linearBackward(gradient: Tensor, node: Node): void {
  const [x, weight, bias] = node.inputs as readonly [Tensor, Tensor, Tensor?];
  const { y } = node.saved as LinearMemory;
  const core = coreOf(x.dtype);
  const [rows, inputs] = x.shape as [number, number];
  const outputs = weight.shape[1]!;
  const g = biasGradient(gradient, y, bias, outputs);
  const dy = g.pointer();
  if (needs(weight)) {
    const slot = gradientSlot(weight);
    const dw = slot ?? empty(weight.shape, weight.dtype);
    const accumulate = slot !== null && weight.grad !== null ? 1 : 0;
    core.gemm(
      1,
      0,
      x.pointer(),
      inputs,
      dy,
      outputs,
      dw.pointer(),
      outputs,
      inputs,
      outputs,
      rows,
      accumulate,
      0,
      0,
    );
    if (slot !== null) weight.grad = slot;
    else give(weight, dw);
  }
  if (needs(x)) {
    const dx = empty(x.shape, x.dtype);
    core.gemm(
      0,
      1,
      dy,
      outputs,
      weight.pointer(),
      outputs,
      dx.pointer(),
      inputs,
      rows,
      inputs,
      outputs,
      0,
      0,
      0,
    );
    give(x, dx);
  }
}

/**
 * Masks a gradient `[…, columns]` where the relu output `y` (if any) is 0, and gives the bias its part. Returns the
 * masked gradient: the same tensor when nobody else waits for it (a target of gradients() may), a copy otherwise.
 */
export function biasGradient(
  gradient: Tensor,
  y: Tensor | null,
  bias: Tensor | undefined,
  columns: number,
): Tensor {
  let g = gradient;
  if (y !== null && (gradient.storage.waiting !== 1 || mode.targets !== null)) {
    g = empty(gradient.shape, gradient.dtype);
    coreOf(g.dtype).copy(gradient.pointer(), g.pointer(), g.size);
  }
  const wanted = needs(bias);
  if (y === null && !wanted) return g;
  const slot = wanted && bias.grad === null ? gradientSlot(bias) : null;
  const db = !wanted ? null : (slot ?? empty(bias.shape, bias.dtype));
  coreOf(g.dtype).reluMaskAndBiasGradient(
    g.pointer(),
    y === null ? 0 : y.pointer(),
    db === null ? 0 : db.pointer(),
    columns === 0 ? 0 : g.size / columns,
    columns,
    y === null ? 0 : 1,
  );
  if (wanted && slot !== null) bias.grad = slot;
  else if (wanted) give(bias, db!);
  return g;
}

/**
 * A dense layer in one pass: x · weight + bias, then the activation.
 *
 * Shapes: x `[…, inputs]`, weight `[inputs, outputs]`, bias `[outputs]` → `[…, outputs]`.
 *
 * @throws when the shapes do not fit.
 * @example
 * const weight = tensor([[1, -1], [2, -2]]);
 * linear(tensor([[1, 1]]), weight, tensor([0, 1]), { activation: "relu" }).toArray() // → [ [ 3, 0 ] ]
 */
export function linear(
  input: Tensor,
  kernel: Tensor,
  offsets?: Tensor | null,
  options?: LinearOptions,
): Tensor {
  checkTensor("linear", input);
  checkTensor("linear", kernel);
  if (offsets !== undefined && offsets !== null) checkTensor("linear", offsets);
  if (input.rank !== 2) return linearOverRows(input, kernel, offsets, options);
  const [x, weight, bias] = toCommonFloat(input, kernel, offsets ?? null);
  const [rows, inputs] = x.shape as [number, number];
  const outputs = weight.shape[1]!;
  if (weight.rank !== 2 || weight.shape[0] !== inputs)
    throw new Error(explainInner("linear", x.shape, weight.shape));
  if (bias && (bias.rank !== 1 || bias.size !== outputs)) {
    throw new Error(
      `linear: the bias ${formatShape(bias.shape)} must be [${outputs}], one number for each output`,
    );
  }
  checkFused("linear", options?.activation);
  const rectify = options?.activation === "relu";
  const y = empty([rows, outputs], x.dtype);
  coreOf(x.dtype).gemm(
    0,
    0,
    x.pointer(),
    inputs,
    weight.pointer(),
    outputs,
    y.pointer(),
    outputs,
    rows,
    outputs,
    inputs,
    0,
    bias ? bias.pointer() : 0,
    rectify ? 1 : 0,
  );
  if (!tracks(x, weight, bias)) return y;
  const memory: LinearMemory = { y: rectify ? y : null };
  return attach(y, linearRule, bias ? [x, weight, bias] : [x, weight], memory);
}

function linearOverRows(x: Tensor, weight: Tensor, bias?: Tensor | null, options?: LinearOptions): Tensor {
  if (x.rank === 0) throw new Error("linear: needs rows of numbers [batch, inputs], got a scalar");
  const rows = linear(
    reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape[x.rank - 1]!]),
    weight,
    bias,
    options,
  );
  return reshape(rows, [...x.shape.slice(0, -1), weight.shape[1]!]);
}
