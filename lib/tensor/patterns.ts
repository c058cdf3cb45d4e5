// Creation of tensors like others, and of grids, triangles, functions of the position.
import { checkFunction, checkOptions } from "./arguments.ts";
import { type CreateOptions, filled, made } from "./create.ts";
import { checkShape, describe, formatShape, type Shape, sizeOf, stridesOf } from "./shape.ts";
import { Tensor } from "./tensor.ts";

function checkLike(operation: string, x: Tensor): Tensor {
  if (x instanceof Tensor) return x;
  throw new TypeError(
    `${operation}: takes a tensor whose shape and dtype the new one has, got ${describe(x)}`,
  );
}

/**
 * Zeros in the shape and dtype of another tensor.
 *
 * @throws TypeError when `x` is no tensor.
 * @example
 * zerosLike(tensor([1, 2])) // → tensor([0, 0])
 */
export function zerosLike(x: Tensor, options: CreateOptions = {}): Tensor {
  return filled("zerosLike", checkLike("zerosLike", x).shape, 0, { dtype: x.dtype, ...options });
}

/**
 * Ones in the shape and dtype of another tensor.
 *
 * @throws TypeError when `x` is no tensor.
 * @example
 * onesLike(tensor([3, 4], { dtype: "int32" })) // → tensor([1, 1], int32)
 */
export function onesLike(x: Tensor, options: CreateOptions = {}): Tensor {
  return filled("onesLike", checkLike("onesLike", x).shape, 1, { dtype: x.dtype, ...options });
}

/**
 * One value everywhere, in the shape and dtype of another tensor.
 *
 * @throws TypeError when `x` is no tensor, or the value no number; RangeError when the dtype does not hold it.
 * @example
 * fullLike(tensor([1, 2]), 7) // → tensor([7, 7])
 */
export function fullLike(x: Tensor, value: number | boolean, options: CreateOptions = {}): Tensor {
  return filled("fullLike", checkLike("fullLike", x).shape, value, { dtype: x.dtype, ...options });
}

/**
 * A tensor of which each element is a function of its position.
 *
 * @throws when the function gives no number.
 * @example
 * fromFunction([2, 3], (row, column) => 10 * row + column).toArray() // → [ [ 0, 1, 2 ], [ 10, 11, 12 ] ]
 */
export function fromFunction(
  shape: Shape,
  valueAt: (...position: number[]) => number,
  options: CreateOptions = {},
): Tensor {
  const sizes = checkShape("fromFunction", shape);
  checkFunction("fromFunction", valueAt, "(row, column) => row + column");
  return byPosition("fromFunction", sizes, valueAt, options);
}

function byPosition(
  operation: string,
  sizes: Shape,
  valueAt: (...position: number[]) => number | boolean,
  options: CreateOptions,
): Tensor {
  const strides = stridesOf(sizes);
  const values = Float64Array.from({ length: sizeOf(sizes) }, (_, i) => {
    const position = sizes.map((size, axis) => Math.floor(i / strides[axis]!) % size);
    const value = valueAt(...position);
    if (typeof value === "number" || typeof value === "boolean") return Number(value);
    throw new TypeError(
      `${operation}: the function must give a number, got ${describe(value)} at ${formatShape(position)}`,
    );
  });
  return made(operation, values, { shape: sizes, dtype: "float32", ...options });
}

/**
 * The positions of the elements of a shape: `[rank, …shape]`, int32; part i holds each element's position along axis i.
 *
 * @throws when the shape is none.
 * @example
 * indices([2, 2]).toArray() // → [ [ [ 0, 0 ], [ 1, 1 ] ], [ [ 0, 1 ], [ 0, 1 ] ] ]
 */
export function indices(shape: Shape): Tensor {
  const sizes = checkShape("indices", shape);
  return byPosition("indices", [sizes.length, ...sizes], (axis, ...position) => position[axis!]!, {
    dtype: "int32",
  });
}

/** Options of {@link meshgrid}. */
export interface MeshgridOptions {
  /** `"xy"` (default): the first vector runs along the columns, for plots; `"ij"`: along the first axis, as indices do. */
  indexing?: "xy" | "ij";
}

/**
 * The coordinates of all points of a grid, from those along its axes: one tensor a vector. Vectors of 3 and 2 numbers
 * give two matrices `[2, 3]`, of which the first holds x and the second y (`indexing: "ij"`: `[3, 2]`).
 *
 * @throws when something is no vector.
 * @example
 * const [x, y] = meshgrid([tensor([1, 2, 3]), tensor([10, 20])]);
 * x.toArray() // → [ [ 1, 2, 3 ], [ 1, 2, 3 ] ]
 * y.toArray() // → [ [ 10, 10, 10 ], [ 20, 20, 20 ] ]
 */
export function meshgrid<const T extends readonly Tensor[]>(
  vectors: T,
  options: MeshgridOptions = {},
): { -readonly [K in keyof T]: Tensor } {
  checkOptions("meshgrid", options, '{ indexing: "ij" }');
  const { indexing = "xy" } = options;
  if (!Array.isArray(vectors)) {
    throw new TypeError(
      `meshgrid: the vectors are a list, such as meshgrid([x, y]), got ${describe(vectors)}`,
    );
  }
  if (indexing !== "xy" && indexing !== "ij") {
    throw new TypeError(`meshgrid: indexing is "xy" or "ij", got ${describe(indexing)}`);
  }
  const swapped = indexing === "xy" && vectors.length > 1;
  const axisOf = (i: number): number => (swapped && i < 2 ? 1 - i : i);
  const shape = new Array<number>(vectors.length);
  vectors.forEach((vector, i) => {
    if (!(vector instanceof Tensor) || vector.rank > 1) {
      const found = vector instanceof Tensor ? `shape ${formatShape(vector.shape)}` : describe(vector);
      throw new TypeError(
        `meshgrid: takes vectors, one for each axis of the grid, got ${found} as number ${i}`,
      );
    }
    shape[axisOf(i)] = vector.size;
  });
  const grids = vectors.map((vector: Tensor, i) => {
    const along = shape.map((size, axis) => (axis === axisOf(i) ? size : 1));
    return vector.reshape(along).broadcastTo(shape);
  });
  return grids as { -readonly [K in keyof T]: Tensor };
}

/**
 * A matrix `[rows, columns]` of ones on and below a diagonal, zeros above; `diagonal` 1 is the one above the main one.
 *
 * @throws when a size is no whole number from 0 up.
 * @example
 * tri(3).toArray() // → [ [ 1, 0, 0 ], [ 1, 1, 0 ], [ 1, 1, 1 ] ]
 */
export function tri(rows: number, columns = rows, diagonal = 0, options: CreateOptions = {}): Tensor {
  return byPosition(
    "tri",
    checkShape("tri", [rows, columns]),
    (i, j) => (j! <= i! + diagonal ? 1 : 0),
    options,
  );
}
