// Strides of broadcast and permuted layouts, with axes merged that lie together in all operands.

/** Row-major strides of a shape, in elements. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

/** Strides by which a dense tensor of `shape` is read as one of the larger `outShape`: 0 along broadcast axes. */
export function broadcastStrides(shape: readonly number[], outShape: readonly number[]): number[] {
  const own = denseStrides(shape);
  const missing = outShape.length - shape.length;
  return outShape.map((_, axis) =>
    axis < missing || shape[axis - missing] === 1 ? 0 : own[axis - missing]!,
  );
}

export interface Layout {
  shape: number[];
  /** One list of strides an operand. */
  strides: number[][];
}

/** Drops axes of size 1 and joins neighbours that every operand walks in one stride; keeps at least one axis. */
export function mergeAxes(shape: readonly number[], strides: readonly (readonly number[])[]): Layout {
  const merged: Layout = { shape: [], strides: strides.map(() => []) };
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = merged.shape.length - 1;
    const joins =
      last >= 0 && strides.every((list, operand) => merged.strides[operand]![last] === list[axis]! * size);
    if (joins) {
      merged.shape[last]! *= size;
      strides.forEach((list, operand) => {
        merged.strides[operand]![last] = list[axis]!;
      });
    } else {
      merged.shape.push(size);
      strides.forEach((list, operand) => {
        merged.strides[operand]!.push(list[axis]!);
      });
    }
  });
  if (merged.shape.length === 0) {
    merged.shape.push(1);
    for (const list of merged.strides) list.push(0);
  }
  return merged;
}
