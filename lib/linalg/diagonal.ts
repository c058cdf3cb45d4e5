// Diagonals and triangles of matrices.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { checkTensor } from "../ops/operand.ts";
import { sum } from "../ops/reduce.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { empty, zeros } from "../tensor/create.ts";
import { describe, formatShape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Options of {@link diagonal} and {@link diag}. */
export interface DiagonalOptions {
  /** Which diagonal: 0 the main one, 1 the one above it, −1 the one below. */
  offset?: number;
}

/** Where a diagonal begins in a matrix `[rows, columns]`, and how long it is. */
function locate(rows: number, columns: number, offset: number): { start: number; length: number } {
  const length = Math.max(0, Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)));
  return { start: offset >= 0 ? offset : -offset * columns, length };
}

function checkMatrices(operation: string, x: Tensor): [rows: number, columns: number] {
  checkTensor(operation, x);
  if (x.rank < 2) {
    throw new Error(`${operation}: needs a matrix [rows, columns], got ${formatShape(x.shape)}`);
  }
  return x.shape.slice(-2) as [number, number];
}

interface Place {
  rows: number;
  columns: number;
  offset: number;
}

const diagonalRule: Rule = {
  name: "diagonal",
  backward(gradient, node) {
    give(node.inputs[0] as Tensor, embed(gradient, node.saved as Place));
  },
};

const embedRule: Rule = {
  name: "diag",
  backward(gradient, node) {
    const { offset } = node.saved as Place;
    give(node.inputs[0] as Tensor, diagonal(gradient, { offset }));
  },
};

/** Vectors `[…, length]` as a diagonal of matrices of zeros `[…, rows, columns]`. */
export function embed(x: Tensor, place: Place): Tensor {
  const { rows, columns, offset } = place;
  const batch = x.shape.slice(0, -1);
  const result = zeros([...batch, rows, columns], { dtype: x.dtype });
  const { start, length } = locate(rows, columns, offset);
  const source = x.view();
  const target = result.view();
  for (let index = 0; index < sizeOf(batch); index++) {
    const to = index * rows * columns + start;
    for (let i = 0; i < length; i++) target[to + i * (columns + 1)] = source[index * length + i]!;
  }
  return tracks(x) ? attach(result, embedRule, [x], place) : result;
}

/**
 * The elements on the diagonal of matrices: `[…, m, n]` → `[…, length of the diagonal]`.
 *
 * @throws when the tensor has fewer than two axes.
 * @example
 * diagonal(tensor([[1, 2], [3, 4]])) // → tensor([1, 4])
 * diagonal(tensor([[1, 2], [3, 4]]), { offset: 1 }) // → tensor([2])
 */
export function diagonal(x: Tensor, options: DiagonalOptions = {}): Tensor {
  checkOptions("diagonal", options, "{ offset: 1 }");
  const { offset = 0 } = options;
  const [rows, columns] = checkMatrices("diagonal", x);
  checkOffset("diagonal", offset);
  const batch = x.shape.slice(0, -2);
  const { start, length } = locate(rows, columns, offset);
  const result = empty([...batch, length], x.dtype);
  const source = x.view();
  const target = result.view();
  for (let index = 0; index < sizeOf(batch); index++) {
    const from = index * rows * columns + start;
    for (let i = 0; i < length; i++) target[index * length + i] = source[from + i * (columns + 1)]!;
  }
  const place: Place = { rows, columns, offset };
  return tracks(x) ? attach(result, diagonalRule, [x], place) : result;
}

/**
 * A vector `[n]` as the diagonal of a square matrix of zeros; of a matrix `[m, n]`, its diagonal.
 *
 * @throws when the tensor has neither one nor two axes.
 * @example
 * diag(tensor([1, 2])).toArray() // → [ [ 1, 0 ], [ 0, 2 ] ]
 * diag(tensor([[1, 2], [3, 4]])) // → tensor([1, 4])
 */
export function diag(x: Tensor, options: DiagonalOptions = {}): Tensor {
  checkOptions("diag", options, "{ offset: 1 }");
  const { offset = 0 } = options;
  checkTensor("diag", x);
  checkOffset("diag", offset);
  if (x.rank === 2) return diagonal(x, { offset });
  if (x.rank !== 1) {
    throw new Error(
      `diag: needs a vector or a matrix, got ${formatShape(x.shape)}; for batches use diagonal`,
    );
  }
  const n = x.size + Math.abs(offset);
  return embed(x, { rows: n, columns: n, offset });
}

/**
 * The sum of the diagonal of matrices `[…, m, n]` → `[…]`.
 *
 * @throws when the tensor has fewer than two axes.
 * @example
 * trace(tensor([[1, 2], [3, 4]])).item() // → 5
 */
export function trace(x: Tensor): Tensor {
  checkMatrices("trace", x);
  return sum(diagonal(x), -1);
}

interface Triangle {
  upper: boolean;
  offset: number;
}

const triangleRule: Rule = {
  name: "triangle",
  backward(gradient, node) {
    const { upper, offset } = node.saved as Triangle;
    give(node.inputs[0] as Tensor, (upper ? triu : tril)(gradient, offset));
  },
};

function triangle(operation: string, x: Tensor, { upper, offset }: Triangle): Tensor {
  const [rows, columns] = checkMatrices(operation, x);
  checkOffset(operation, offset);
  const result = zeros(x.shape, { dtype: x.dtype });
  const source = x.view();
  const target = result.view();
  const count = sizeOf(x.shape.slice(0, -2));
  for (let index = 0; index < count; index++) {
    for (let i = 0; i < rows; i++) {
      const row = (index * rows + i) * columns;
      const first = upper ? Math.max(0, i + offset) : 0;
      const end = upper ? columns : Math.min(columns, i + offset + 1);
      for (let j = first; j < end; j++) target[row + j] = source[row + j]!;
    }
  }
  return tracks(x) ? attach(result, triangleRule, [x], { upper, offset } satisfies Triangle) : result;
}

/**
 * The upper triangle of matrices, zeros below; `offset` 1 leaves out the diagonal, −1 takes in the one below it.
 *
 * @throws when the tensor has fewer than two axes.
 * @example
 * triu(tensor([[1, 2], [3, 4]])).toArray() // → [ [ 1, 2 ], [ 0, 4 ] ]
 */
export function triu(x: Tensor, offset = 0): Tensor {
  return triangle("triu", x, { upper: true, offset });
}

/**
 * The lower triangle of matrices, zeros above; `offset` −1 leaves out the diagonal, 1 takes in the one above it.
 *
 * @throws when the tensor has fewer than two axes.
 * @example
 * tril(tensor([[1, 2], [3, 4]])).toArray() // → [ [ 1, 0 ], [ 3, 4 ] ]
 */
export function tril(x: Tensor, offset = 0): Tensor {
  return triangle("tril", x, { upper: false, offset });
}

function checkOffset(operation: string, offset: number): void {
  if (Number.isInteger(offset)) return;
  throw new RangeError(
    `${operation}: the offset is the number of a diagonal such as 0, 1 or −1, got ${describe(offset)}`,
  );
}
