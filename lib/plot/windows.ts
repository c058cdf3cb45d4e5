// Where a window stands as it slides over the cells of an image.

/** Steps or distances along rows and columns; one number for both. */
export type Pair = number | readonly [number, number];

/** Cells of padding along an axis: on both sides, or before and after. */
type AxisPadding = number | readonly [before: number, after: number];

/** Cells of padding: all around, or for rows and columns, such as `[0, 1]` or `[[top, bottom], [left, right]]`. */
export type Sides = number | readonly [AxisPadding, AxisPadding];

export interface WindowOptions {
  readonly size: readonly [number, number];
  readonly strides: Pair;
  readonly dilation?: Pair;
  readonly padding?: Sides;
}

/** The windows of an image: how many below and beside each other, and the corner of each. */
export interface Windows {
  readonly rows: number;
  readonly columns: number;
  /** Top left cell of each window, in an image with its padding. */
  readonly corners: readonly { readonly row: number; readonly column: number }[];
}

/** More windows make too long a film. */
const MOST_WINDOWS = 150;

/** Places the windows. @throws RangeError when none fits, or there are too many for an animation */
export function placeWindows(
  caller: string,
  [height, width]: readonly [number, number],
  { size, strides, dilation = 1, padding = 0 }: WindowOptions,
): Windows {
  const steps = pairOf(strides);
  const gaps = pairOf(dilation);
  if (![...size, ...steps, ...gaps].every((value) => Number.isInteger(value) && value > 0))
    throw new RangeError(`${caller}: sizes, strides and dilation are whole numbers from 1`);
  const [[top, bottom], [left, right]] = sidesOf(caller, padding);
  const count = (cells: number, axis: 0 | 1): number =>
    Math.floor((cells - (size[axis] - 1) * gaps[axis] - 1) / steps[axis]) + 1;
  const rows = count(height + top + bottom, 0);
  const columns = count(width + left + right, 1);
  if (rows < 1 || columns < 1) {
    throw new RangeError(
      `${caller}: a window of ${size.join(" × ")} does not fit into an image of ${height + top + bottom} × ${width + left + right}`,
    );
  }
  if (rows * columns > MOST_WINDOWS) {
    throw new RangeError(
      `${caller}: ${rows} × ${columns} steps are too many to look at, at most ${MOST_WINDOWS} — take a part of the image`,
    );
  }
  const corners = Array.from({ length: rows * columns }, (_, i) => ({
    row: Math.floor(i / columns) * steps[0],
    column: (i % columns) * steps[1],
  }));
  return { rows, columns, corners };
}

export function pairOf(value: Pair): readonly [number, number] {
  return typeof value === "number" ? [value, value] : value;
}

/** Padding as `[[top, bottom], [left, right]]`. @throws RangeError when it is not in whole cells */
export function sidesOf(caller: string, padding: Sides): [[number, number], [number, number]] {
  const axes = typeof padding === "number" ? [padding, padding] : padding;
  const sides = Array.isArray(axes)
    ? axes.map((axis) => (typeof axis === "number" ? [axis, axis] : axis))
    : [];
  const isWhole = sides.flat().every((side) => Number.isInteger(side) && side >= 0);
  if (sides.length !== 2 || sides.flat().length !== 4 || !isWhole)
    throw new RangeError(`${caller}: padding counts whole rows and columns, got ${JSON.stringify(padding)}`);
  return sides as [[number, number], [number, number]];
}

/** The padding with which the result has as many cells as the image, divided by the strides; an odd cell goes behind. */
export function samePadding(
  shape: readonly [number, number],
  size: readonly [number, number],
  strides: Pair,
  dilation: Pair,
): [[number, number], [number, number]] {
  const [steps, gaps] = [pairOf(strides), pairOf(dilation)];
  const along = (axis: 0 | 1): [number, number] => {
    const last = (Math.ceil(shape[axis] / steps[axis]) - 1) * steps[axis];
    const total = Math.max(0, last + (size[axis] - 1) * gaps[axis] + 1 - shape[axis]);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  };
  return [along(0), along(1)];
}
