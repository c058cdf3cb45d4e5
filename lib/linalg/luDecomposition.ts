// The LU decomposition as tensors, with its gradient.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { add, sub } from "../ops/arithmetic.ts";
import { neg } from "../ops/elementwise.ts";
import { slice } from "../ops/indexing.ts";
import { concat } from "../ops/join.ts";
import { matmul } from "../ops/matmul.ts";
import { toFloat } from "../ops/operand.ts";
import { zerosLike } from "../tensor/patterns.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromNumbers, matrixAt, matrixTranspose, readMatrices } from "./batch.ts";
import { tril, triu } from "./diagonal.ts";
import { factorize } from "./lu.ts";
import { solveTriangular } from "./solve.ts";

/** What {@link lu} gives: matrices `[…, m, m]`, `[…, m, k]` and `[…, k, n]` with k the smaller of m and n. */
export interface LuResult {
  /** The permutation. */
  p: Tensor;
  /** Lower triangular, with ones on the diagonal. */
  l: Tensor;
  /** Upper triangular. */
  u: Tensor;
}

/**
 * The gradient of A from those of L and U, one of which is null (each result sends its own back): with B = Pᵀ·A,
 * L⁻¹·dB·U⁻¹ is dL's part below the diagonal and dU's part from there on. Of more rows or columns than the square has, the
 * rest follows from L₂·U = B₂ or L·U₂ = B₂.
 */
function backward(a: Tensor, { p, l, u }: LuResult, gl: Tensor | null, gu: Tensor | null): void {
  const [m, n] = a.shape.slice(-2) as [number, number];
  const k = Math.min(m, n);
  const [rows, columns] = [a.rank - 2, a.rank - 1];
  const part = (x: Tensor | null, from: number, to: number, axis: number): Tensor | null =>
    x && slice(x, from, to, { axis });
  const square = {
    l: slice(l, 0, k, { axis: rows }),
    u: slice(u, 0, k, { axis: columns }),
    gl: part(gl, 0, k, rows),
    gu: part(gu, 0, k, columns),
  };
  const overU = (x: Tensor): Tensor => matrixTranspose(solveTriangular(square.u, matrixTranspose(x)));
  const overL = (x: Tensor): Tensor => solveTriangular(matrixTranspose(square.l), x);
  let rest: Tensor | null = null;
  if (m > k) {
    const outer = slice(l, k, m, { axis: rows });
    const below = part(gl, k, m, rows);
    rest = below === null ? zerosLike(outer) : overU(below);
    if (below !== null) square.gu = less(square.gu, matmul(matrixTranspose(outer), rest));
  } else if (n > k) {
    const outer = slice(u, k, n, { axis: columns });
    const beside = part(gu, k, n, columns);
    rest = beside === null ? zerosLike(outer) : overL(beside);
    if (beside !== null) square.gl = less(square.gl, matmul(rest, matrixTranspose(outer)));
  }
  const fromL = square.gl && tril(matmul(matrixTranspose(square.l), square.gl), -1);
  const fromU = square.gu && triu(matmul(square.gu, matrixTranspose(square.u)));
  const inner = fromL && fromU ? add(fromL, fromU) : (fromL ?? fromU)!;
  const gb = overU(overL(inner));
  give(a, matmul(p, rest === null ? gb : concat([gb, rest], m > k ? rows : columns)));
}

/** a − b, where a may be nothing. */
function less(a: Tensor | null, b: Tensor): Tensor {
  return a === null ? neg(b) : sub(a, b);
}

const lRule: Rule = {
  name: "linalg.lu",
  backward(gradient, node) {
    backward(node.inputs[0] as Tensor, node.saved as LuResult, gradient, null);
  },
};

const uRule: Rule = {
  name: "linalg.lu",
  backward(gradient, node) {
    backward(node.inputs[0] as Tensor, node.saved as LuResult, null, gradient);
  },
};

/**
 * The LU decomposition p · l · u of matrices `[…, m, n]` with partial pivoting (Golub & Van Loan, algorithm 3.4.1), which
 * is Gaussian elimination written down. Gradients flow through l and u.
 *
 * @throws when a number is not finite; going back, when u has a zero on its diagonal.
 * @example
 * const { p, l, u } = linalg.lu(tensor([[1, 2], [4, 4]]));
 * u.toArray() // → [ [ 4, 4 ], [ 0, 1 ] ]
 * p.matmul(l).matmul(u).toArray() // → [ [ 1, 2 ], [ 4, 4 ] ]
 */
export function lu(x: Tensor): LuResult {
  const matrices = readMatrices("linalg.lu", x);
  const { batch, count, rows, columns, dtype } = matrices;
  const k = Math.min(rows, columns);
  const p = new Float64Array(count * rows * rows);
  const l = new Float64Array(count * rows * k);
  const u = new Float64Array(count * k * columns);
  for (let index = 0; index < count; index++) {
    const factors = factorize(matrixAt(matrices, index), rows, columns);
    for (let i = 0; i < rows; i++) {
      p[index * rows * rows + factors.order[i]! * rows + i] = 1;
      for (let j = 0; j < k; j++) {
        l[(index * rows + i) * k + j] = j < i ? factors.lu[i * columns + j]! : j === i ? 1 : 0;
      }
      if (i >= k) continue;
      for (let j = i; j < columns; j++) u[(index * k + i) * columns + j] = factors.lu[i * columns + j]!;
    }
  }
  const result: LuResult = {
    p: fromNumbers(p, [...batch, rows, rows], dtype),
    l: fromNumbers(l, [...batch, rows, k], dtype),
    u: fromNumbers(u, [...batch, k, columns], dtype),
  };
  const a = toFloat(x);
  if (tracks(a)) {
    attach(result.l, lRule, [a], result);
    attach(result.u, uRule, [a], result);
  }
  return result;
}
