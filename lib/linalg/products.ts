// Products of vectors and matrices beyond matmul.
import { mul, sub } from "../ops/arithmetic.ts";
import { matmul } from "../ops/matmul.ts";
import { checkTensor } from "../ops/operand.ts";
import { broadcastTo, reshape, transpose } from "../ops/shape.ts";
import { eye } from "../tensor/create.ts";
import { broadcastShapes, describe, formatShape, readAxis, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { inv } from "./solve.ts";

/**
 * The dot product as in NumPy: of two vectors, the sum of products; of matrices, the matrix product; in general the sum over
 * the last axis of a and the second last of b. With a scalar it multiplies.
 *
 * @throws when those axes differ in size.
 * @example
 * dot(tensor([1, 2, 3]), tensor([4, 5, 6])).item() // → 32
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  checkTensor("dot", a);
  checkTensor("dot", b);
  if (a.rank === 0 || b.rank === 0) return mul(a, b);
  if (b.rank <= 2) {
    checkContraction("dot", a, b, b.shape[Math.max(0, b.rank - 2)]!);
    return matmul(a, b);
  }
  // The axis to sum over goes first, all others of b behind it, as columns of one matrix.
  const axes = b.shape.map((_, i) => i);
  const axis = b.rank - 2;
  const rest = axes.filter((i) => i !== axis);
  const length = b.shape[axis]!;
  checkContraction("dot", a, b, length);
  const shape = rest.map((i) => b.shape[i]!);
  const columns = reshape(transpose(b, [axis, ...rest]), [length, sizeOf(shape)]);
  return reshape(matmul(a, columns), [...a.shape.slice(0, -1), ...shape]);
}

/**
 * The sum of products over the last axes of both: `[…, n]` and `[…, n]` → all other axes of a, then those of b. With a scalar it
 * multiplies.
 *
 * @throws when the last axes differ in size.
 * @example
 * inner(tensor([[1, 2], [3, 4]]), tensor([1, 10])) // → tensor([21, 43])
 */
export function inner(a: Tensor, b: Tensor): Tensor {
  checkTensor("inner", a);
  checkTensor("inner", b);
  if (a.rank === 0 || b.rank === 0) return mul(a, b);
  const length = b.shape[b.rank - 1]!;
  checkContraction("inner", a, b, length);
  const others = b.shape.slice(0, -1);
  const rows = reshape(b, [sizeOf(others), length]);
  return reshape(matmul(a, transpose(rows)), [...a.shape.slice(0, -1), ...others]);
}

function checkContraction(name: string, a: Tensor, b: Tensor, length: number): void {
  const last = a.shape[a.rank - 1]!;
  if (last === length) return;
  const hint = a.rank === 1 && b.rank === 1 ? "; for all products of two vectors use outer" : "";
  throw new Error(
    `${name}: ${formatShape(a.shape)} and ${formatShape(b.shape)} — the axes to sum over have sizes ${last} and ${length}${hint}`,
  );
}

/**
 * All products of two vectors: `[m]`, `[n]` → `[m, n]`. Tensors with more axes are flattened.
 *
 * @example
 * outer(tensor([1, 2]), tensor([3, 4])).toArray() // → [ [ 3, 4 ], [ 6, 8 ] ]
 */
export function outer(a: Tensor, b: Tensor): Tensor {
  checkTensor("outer", a);
  checkTensor("outer", b);
  return mul(reshape(a, [a.size, 1]), reshape(b, [1, b.size]));
}

/**
 * The cross product of vectors of three numbers along `axis` (the last one by default); other axes broadcast.
 *
 * @throws when the axis does not have size 3.
 * @example
 * cross(tensor([1, 0, 0]), tensor([0, 1, 0])) // → tensor([0, 0, 1])
 */
export function cross(a: Tensor, b: Tensor, options: { axis?: number } = {}): Tensor {
  checkTensor("cross", a);
  checkTensor("cross", b);
  const shape = broadcastShapes("cross", a.shape, b.shape);
  const axis = readAxis("cross", options.axis ?? -1, shape.length);
  const [p, q] = [a, b].map((x) => {
    if (shape[axis] !== 3) {
      throw new Error(
        `cross: axis ${axis} must have size 3, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
      );
    }
    return broadcastTo(x, shape);
  }) as [Tensor, Tensor];
  const turned = (x: Tensor, by: 1 | 2) => x.gather(by === 1 ? [1, 2, 0] : [2, 0, 1], { axis });
  return sub(mul(turned(p, 1), turned(q, 2)), mul(turned(p, 2), turned(q, 1)));
}

/**
 * The Kronecker product: every element of a times all of b, as blocks. `[m, n]`, `[p, q]` → `[m·p, n·q]`; the shorter shape
 * gets leading axes of size 1.
 *
 * @example
 * kron(tensor([1, 10]), tensor([1, 2])) // → tensor([ 1,  2, 10, 20])
 */
export function kron(a: Tensor, b: Tensor): Tensor {
  checkTensor("kron", a);
  checkTensor("kron", b);
  const rank = Math.max(a.rank, b.rank);
  const padded = (x: Tensor) => [...new Array<number>(rank - x.rank).fill(1), ...x.shape];
  const [p, q] = [padded(a), padded(b)];
  const left = reshape(
    a,
    p.flatMap((size) => [size, 1]),
  );
  const right = reshape(
    b,
    q.flatMap((size) => [1, size]),
  );
  return reshape(
    mul(left, right),
    p.map((size, i) => size * q[i]!),
  );
}

/**
 * The product of several matrices in the order that takes the fewest multiplications (Cormen et al., Introduction to
 * Algorithms, 15.2). The first and the last may be vectors.
 *
 * @throws when fewer than two are given, one is no matrix, or neighbours do not fit.
 * @example
 * linalg.multiDot([tensor([[1, 2]]), tensor([[3], [4]]), tensor([[5, 6]])]).toArray() // → [ [ 55, 66 ] ]
 */
export function multiDot(matrices: readonly Tensor[]): Tensor {
  if (!Array.isArray(matrices) || matrices.length < 2) {
    throw new TypeError(`linalg.multiDot: needs a list of two or more matrices, got ${describe(matrices)}`);
  }
  const last = matrices.length - 1;
  const parts = matrices.map((x: Tensor, i) => {
    checkTensor("linalg.multiDot", x);
    if (x.rank === 2) return x;
    if (x.rank === 1 && i === 0) return reshape(x, [1, x.size]);
    if (x.rank === 1 && i === last) return reshape(x, [x.size, 1]);
    throw new Error(
      `linalg.multiDot: factor ${i} must be a matrix, got ${formatShape(x.shape)} (vectors only at the ends)`,
    );
  });
  for (const [i, next] of parts.slice(1).entries()) {
    if (parts[i]!.shape[1] === next.shape[0]) continue;
    throw new Error(
      `linalg.multiDot: inner sizes of ${formatShape(matrices[i]!.shape)} and ${formatShape(matrices[i + 1]!.shape)} ` +
        `differ (factors ${i} and ${i + 1})`,
    );
  }
  const sizes = [parts[0]!.shape[0]!, ...parts.map((x) => x.shape[1]!)];
  const product = multiplyRange(parts, bestSplits(sizes), 0, last);
  const shape = [
    ...(matrices[0]!.rank === 2 ? [sizes[0]!] : []),
    ...(matrices[last]!.rank === 2 ? [sizes[last + 1]!] : []),
  ];
  return reshape(product, shape);
}

function multiplyRange(parts: readonly Tensor[], splits: number[][], from: number, to: number): Tensor {
  if (from === to) return parts[from]!;
  const middle = splits[from]![to]!;
  return matmul(multiplyRange(parts, splits, from, middle), multiplyRange(parts, splits, middle + 1, to));
}

/** Matrix i has sizes[i] rows and sizes[i + 1] columns: where to split the product of matrices i to j. */
function bestSplits(sizes: readonly number[]): number[][] {
  const count = sizes.length - 1;
  const costs = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const splits = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let length = 1; length < count; length++) {
    for (let i = 0; i + length < count; i++) {
      const j = i + length;
      costs[i]![j] = Number.POSITIVE_INFINITY;
      for (let k = i; k < j; k++) {
        const cost = costs[i]![k]! + costs[k + 1]![j]! + sizes[i]! * sizes[k + 1]! * sizes[j + 1]!;
        if (cost >= costs[i]![j]!) continue;
        costs[i]![j] = cost;
        splits[i]![j] = k;
      }
    }
  }
  return splits;
}

/**
 * A whole power of square matrices `[…, n, n]`, by repeated squaring; of the inverse if the exponent is negative.
 *
 * @throws when a matrix is not square, the exponent is no whole number, or it is negative and the matrix singular.
 * @example
 * linalg.matrixPower(tensor([[1, 1], [1, 0]]), 10).toArray() // → [ [ 89, 55 ], [ 55, 34 ] ]
 */
export function matrixPower(a: Tensor, exponent: number): Tensor {
  const operation = "linalg.matrixPower";
  checkTensor(operation, a);
  const n = a.shape[a.rank - 1];
  if (a.rank < 2 || a.shape[a.rank - 2] !== n) {
    throw new Error(`${operation}: needs square matrices [n, n], got ${formatShape(a.shape)}`);
  }
  if (!Number.isInteger(exponent)) {
    throw new RangeError(`${operation}: the exponent must be a whole number, got ${describe(exponent)}`);
  }
  if (exponent === 0) return broadcastTo(eye(n!, { dtype: a.dtype }), a.shape);
  let square = exponent < 0 ? inv(a) : a;
  let result: Tensor | null = null;
  for (let rest = Math.abs(exponent); ; square = matmul(square, square)) {
    if (rest % 2 === 1) result = result === null ? square : matmul(result, square);
    rest = Math.floor(rest / 2);
    if (rest === 0) return result!;
  }
}
