// Linear systems with square matrices: solve, inverse, triangular solve.
import { attach, give, needs, type Rule, tracks } from "../autograd/graph.ts";
import { neg } from "../ops/elementwise.ts";
import { batchStarts, matmul } from "../ops/matmul.ts";
import { checkTensor, toCommonFloat, toFloat } from "../ops/operand.ts";
import { reshape, squeeze } from "../ops/shape.ts";
import { broadcastShapes, formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  fromNumbers,
  type Matrices,
  matrixAt,
  matrixName,
  matrixTranspose,
  readMatrices,
  readSquare,
} from "./batch.ts";
import { tril, triu } from "./diagonal.ts";
import { factorizeRegular, solveFactored, substitute } from "./lu.ts";

/** The right-hand side of a system as matrices: a vector becomes a column, which `finish` takes out of the result again. */
export function readRightSide(
  operation: string,
  a: Matrices,
  b: Tensor,
): { columns: Tensor; finish: (x: Tensor) => Tensor } {
  const isVector = b.rank === 1;
  const length = b.rank === 0 ? -1 : isVector ? b.size : b.shape[b.rank - 2]!;
  if (length !== a.rows) {
    const shapeOfA = [...a.batch, a.rows, a.columns];
    const hint =
      b.rank >= 2 && b.shape[b.rank - 1] === a.rows
        ? "; several right-hand sides are columns — did you mean b.transpose()?"
        : "";
    throw new Error(
      `${operation}: a ${formatShape(shapeOfA)} and b ${formatShape(b.shape)} do not fit — b needs ${a.rows} rows, one for ` +
        `each row of a${hint}`,
    );
  }
  if (!isVector) return { columns: b, finish: (result) => result };
  return { columns: reshape(b, [b.size, 1]), finish: (result) => squeeze(result, -1) };
}

/** Solves each system of a batch: `work` gets the number of the matrix and its right-hand side. */
function solveBatch(
  operation: string,
  a: Matrices,
  b: Tensor,
  work: (index: number, rightSide: Float64Array, columns: number) => Float64Array,
): Tensor {
  const right = readMatrices(operation, b);
  const batch = broadcastShapes(operation, a.batch, right.batch);
  const fromA = batchStarts(a.batch, batch, 1);
  const fromB = batchStarts(right.batch, batch, 1);
  const size = right.rows * right.columns;
  const numbers = new Float64Array(sizeOf(batch) * size);
  for (let i = 0; i < sizeOf(batch); i++) {
    numbers.set(work(fromA[i]!, matrixAt(right, fromB[i]!), right.columns), i * size);
  }
  const shape: Shape = [...batch, right.rows, right.columns];
  return fromNumbers(numbers, shape, a.dtype);
}

const solveRule: Rule = {
  name: "linalg.solve",
  backward(gradient, node) {
    // X = A⁻¹·B: the gradient of B is A⁻ᵀ·G, that of A is −A⁻ᵀ·G·Xᵀ.
    const [a, b] = node.inputs as readonly [Tensor, Tensor];
    const x = node.saved as Tensor;
    const g = solve(matrixTranspose(a), gradient);
    if (needs(b)) give(b, g);
    if (needs(a)) give(a, neg(matmul(g, matrixTranspose(x))));
  },
};

/**
 * The solution x of a · x = b, by LU decomposition with partial pivoting.
 *
 * Shapes: a `[…, n, n]`, b `[…, n, k]` → `[…, n, k]`; leading axes broadcast. A vector b `[n]` is one right-hand side
 * and gives `[…, n]`.
 *
 * @throws when a is not square or singular, when the shapes do not fit, or when a number is not finite.
 * @example
 * linalg.solve(tensor([[2, 0], [1, 4]]), tensor([2, 9])) // → tensor([1, 2])
 */
export function solve(a: Tensor, b: Tensor): Tensor {
  checkTensor("linalg.solve", a);
  checkTensor("linalg.solve", b);
  const [left, right] = toCommonFloat(a, b);
  const matrices = readSquare("linalg.solve", left);
  const { columns, finish } = readRightSide("linalg.solve", matrices, right);
  const factors = factorizeRegular("linalg.solve", matrices);
  const n = matrices.rows;
  const x = solveBatch("linalg.solve", matrices, columns, (index, rightSide, count) =>
    solveFactored(factors[index]!, rightSide, n, count),
  );
  return finish(tracks(left, columns) ? attach(x, solveRule, [left, columns], x) : x);
}

const inverseRule: Rule = {
  name: "linalg.inv",
  backward(gradient, node) {
    const transposedInverse = matrixTranspose(node.saved as Tensor);
    const g = matmul(matmul(transposedInverse, gradient), transposedInverse);
    give(node.inputs[0] as Tensor, neg(g));
  },
};

/**
 * The inverse of square matrices `[…, n, n]`. To solve a system use {@link solve}: it is faster and more exact.
 *
 * @throws when a matrix is not square or singular, or when a number is not finite.
 * @example
 * linalg.inv(tensor([[2, 0], [0, 4]])).toArray() // → [ [ 0.5, 0 ], [ 0, 0.25 ] ]
 */
export function inv(a: Tensor): Tensor {
  const matrices = readSquare("linalg.inv", a);
  const n = matrices.rows;
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  const numbers = new Float64Array(matrices.numbers.length);
  factorizeRegular("linalg.inv", matrices).forEach((factors, index) => {
    numbers.set(solveFactored(factors, identity, n, n), index * n * n);
  });
  const x = toFloat(a);
  const result = fromNumbers(numbers, a.shape, matrices.dtype);
  return tracks(x) ? attach(result, inverseRule, [x], result) : result;
}

/** Options of {@link solveTriangular}. */
export interface TriangularOptions {
  /** Reads the upper triangle (default) or the lower one; what stands in the other one does not matter. */
  upper?: boolean;
}

interface TriangularMemory {
  upper: boolean;
  x: Tensor;
}

const triangularRule: Rule = {
  name: "linalg.solveTriangular",
  backward(gradient, node) {
    const [a, b] = node.inputs as readonly [Tensor, Tensor];
    const { upper, x } = node.saved as TriangularMemory;
    const g = solveTriangular(matrixTranspose(a), gradient, { upper: !upper });
    if (needs(b)) give(b, g);
    if (needs(a)) give(a, neg((upper ? triu : tril)(matmul(g, matrixTranspose(x)))));
  },
};

/**
 * The solution x of a · x = b for a triangular a, by substitution: n² operations for each right-hand side.
 *
 * Shapes as in {@link solve}: a `[…, n, n]`, b `[…, n, k]` or `[n]`.
 *
 * @throws when a is not square or has a zero on its diagonal, when the shapes do not fit, or when a number is not finite.
 * @example
 * linalg.solveTriangular(tensor([[2, 1], [0, 4]]), tensor([4, 8])) // → tensor([1, 2])
 */
export function solveTriangular(a: Tensor, b: Tensor, { upper = true }: TriangularOptions = {}): Tensor {
  const operation = "linalg.solveTriangular";
  checkTensor(operation, a);
  checkTensor(operation, b);
  const [left, right] = toCommonFloat(a, b);
  const matrices = readSquare(operation, left);
  const n = matrices.rows;
  for (let index = 0; index < matrices.count; index++) {
    const t = matrixAt(matrices, index);
    for (let i = 0; i < n; i++) {
      if (t[i * n + i] !== 0) continue;
      throw new Error(
        `${operation}: ${matrixName(matrices, index)} is singular, element [${i}, ${i}] on its diagonal is 0`,
      );
    }
  }
  const { columns, finish } = readRightSide(operation, matrices, right);
  const x = solveBatch(operation, matrices, columns, (index, rightSide, count) => {
    const solution = rightSide.slice();
    substitute(matrixAt(matrices, index), solution, n, count, { upper, unit: false });
    return solution;
  });
  if (!tracks(left, columns)) return finish(x);
  return finish(attach(x, triangularRule, [left, columns], { upper, x } satisfies TriangularMemory));
}
