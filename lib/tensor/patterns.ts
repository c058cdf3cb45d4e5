// Creation of tensors like others, and of grids, logarithmic scales, triangles, functions of the position.
import { type CreateOptions, full, linspace, tensor } from "./create.ts";
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
 * @example
 * zerosLike(tensor([1, 2])) // → tensor([0, 0])
 */
export function zerosLike(x: Tensor, options: CreateOptions = {}): Tensor {
  return full(checkLike("zerosLike", x).shape, 0, { dtype: x.dtype, ...options });
}

/**
 * Ones in the shape and dtype of another tensor.
 *
 * @example
 * onesLike(tensor([3, 4], { dtype: "int32" })) // → tensor([1, 1], int32)
 */
export function onesLike(x: Tensor, options: CreateOptions = {}): Tensor {
  return full(checkLike("onesLike", x).shape, 1, { dtype: x.dtype, ...options });
}

/**
 * One value everywhere, in the shape and dtype of another tensor.
 *
 * @example
 * fullLike(tensor([1, 2]), 7) // → tensor([7, 7])
 */
export function fullLike(x: Tensor, value: number, options: CreateOptions = {}): Tensor {
  return full(checkLike("fullLike", x).shape, value, { dtype: x.dtype, ...options });
}

/**
 * A tensor of which each element is a function of its position.
 *
 * @example
 * fromFunction([2, 3], (row, column) => 10 * row + column).toArray() // → [ [ 0, 1, 2 ], [ 10, 11, 12 ] ]
 */
export function fromFunction(
  shape: Shape,
  valueAt: (...position: number[]) => number,
  options: CreateOptions = {},
): Tensor {
  const sizes = checkShape("fromFunction", shape);
  const strides = stridesOf(sizes);
  const values = Float64Array.from({ length: sizeOf(sizes) }, (_, i) =>
    Number(valueAt(...sizes.map((size, axis) => Math.floor(i / strides[axis]!) % size))),
  );
  return tensor(values, { shape: sizes, dtype: options.dtype ?? "float32" });
}

/**
 * The positions of the elements of a shape: `[rank, …shape]`, int32; part i holds each element's position along axis i.
 *
 * @example
 * indices([2, 2]).toArray() // → [ [ [ 0, 0 ], [ 1, 1 ] ], [ [ 0, 1 ], [ 0, 1 ] ] ]
 */
export function indices(shape: Shape): Tensor {
  const sizes = checkShape("indices", shape);
  return fromFunction([sizes.length, ...sizes], (axis, ...position) => position[axis!]!, { dtype: "int32" });
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

/** Options of scales. */
export interface ScaleOptions extends CreateOptions {
  /** What is raised to the powers; 10 by default. */
  base?: number;
}

/**
 * `count` numbers from baseˢᵗᵃʳᵗ to baseᵉⁿᵈ, evenly spaced on a logarithmic scale.
 *
 * @example
 * logspace(0, 3, 4) // → tensor([   1,   10,  100, 1000])
 */
export function logspace(start: number, end: number, count = 50, options: ScaleOptions = {}): Tensor {
  const { base = 10, dtype = "float32" } = options;
  const powers = linspace(start, end, count, { dtype: "float64" }).data();
  return tensor(
    Float64Array.from(powers, (power) => base ** power),
    { dtype },
  );
}

/**
 * `count` numbers from `start` to `end`, both exactly, of which each is the same multiple of the one before.
 *
 * @throws when an end is 0 or the signs differ.
 * @example
 * geomspace(1, 8, 4) // → tensor([1, 2, 4, 8])
 */
export function geomspace(start: number, end: number, count = 50, options: CreateOptions = {}): Tensor {
  if (!(start * end > 0)) {
    throw new RangeError(`geomspace: both ends have one sign and are not 0, got ${start} and ${end}`);
  }
  const sign = Math.sign(start);
  const powers = linspace(Math.log10(sign * start), Math.log10(sign * end), count, {
    dtype: "float64",
  }).data();
  const values = Float64Array.from(powers, (power) => sign * 10 ** power);
  if (count > 0) values[0] = start;
  if (count > 1) values[count - 1] = end;
  return tensor(values, { dtype: options.dtype ?? "float32" });
}

/**
 * A matrix `[rows, columns]` of ones on and below a diagonal, zeros above; `diagonal` 1 is the one above the main one.
 *
 * @example
 * tri(3).toArray() // → [ [ 1, 0, 0 ], [ 1, 1, 0 ], [ 1, 1, 1 ] ]
 */
export function tri(rows: number, columns = rows, diagonal = 0, options: CreateOptions = {}): Tensor {
  return fromFunction([rows, columns], (i, j) => (j! <= i! + diagonal ? 1 : 0), options);
}
