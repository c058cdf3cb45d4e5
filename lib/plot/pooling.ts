// plot.pooling: windows of an image become one number each.
import { type Animation, type AnimationOptions, animation } from "./animation.ts";
import type { Displayable } from "./bundle.ts";
import type { MarkColor } from "./highlight.ts";
import { matrix } from "./matrix.ts";
import { shortNumber, tableText } from "./number.ts";
import { row } from "./row.ts";
import { checkOptions, readValues, shapeText, type Values } from "./values.ts";
import { type Pair, pairOf, placeWindows } from "./windows.ts";

export interface PoolingPictureOptions extends Omit<AnimationOptions, "frames"> {
  /** Rows and columns of a window, 2 by default. */
  size?: Pair;
  /** Steps of the window; by default its size, so that windows do not overlap. */
  strides?: Pair;
  /** What becomes of a window: its largest value (the default) or its mean. */
  kind?: "max" | "average";
}

const COLORS: readonly MarkColor[] = ["blue", "green", "red", "purple", "orange", "yellow"];

/**
 * Animates pooling: window after window turns into one number of the same colour. The last frame, `.frame(-1)`, shows all.
 *
 * @param image `[height, width]`
 * @throws RangeError when the window does not fit, or there are more than 150 steps
 * @example
 * plot.pooling([[7, 3, 5, 2], [8, 7, 1, 6]], { size: 2 }).length // → 2
 */
export function pooling(image: Values, options: PoolingPictureOptions = {}): Animation {
  checkOptions("plot.pooling", options, "{ size: 2 }");
  const { size = 2, strides = size, kind = "max" } = options;
  const { shape, values } = readValues("plot.pooling", image);
  if (shape.length !== 2 || values.length === 0)
    throw new RangeError(`plot.pooling: expected one channel [height, width], got ${shapeText(shape)}`);
  if (kind !== "max" && kind !== "average")
    throw new RangeError(`plot.pooling: kind is "max" or "average", got "${kind}"`);
  const [height, width] = pairOf(size);
  const [imageHeight, imageWidth] = shape;
  const windows = placeWindows("plot.pooling", [imageHeight, imageWidth], { size: [height, width], strides });
  const contents = windows.corners.map((corner) =>
    Array.from({ length: height * width }, (_, i) => {
      const [y, x] = [corner.row + Math.floor(i / width), corner.column + (i % width)];
      return values[y * imageWidth + x];
    }),
  );
  const results = contents.map((cells) =>
    kind === "max" ? Math.max(...cells) : cells.reduce((total, value) => total + value, 0) / cells.length,
  );
  const map = Array.from({ length: windows.rows }, (_, i) =>
    results.slice(i * windows.columns, (i + 1) * windows.columns),
  );
  const steps = pairOf(strides);
  const overlap = steps[0] < height || steps[1] < width;
  const name = kind === "max" ? "max" : "mean";

  const frame = (i: number): Displayable => {
    // windows that overlap would hide each other
    const shown = windows.corners
      .map((corner, k) => ({ corner, k }))
      .filter(({ k }) => (overlap ? k === i : k <= i));
    const color = (k: number): MarkColor => COLORS[k % COLORS.length];
    const inImage = shown.map(({ corner, k }) => ({ ...corner, height, width, color: color(k) }));
    const inMap = shown.map(({ k }) => ({
      row: Math.floor(k / windows.columns),
      column: k % windows.columns,
      color: color(k),
    }));
    const caption = `${name}(${contents[i].map((value) => shortNumber(value)).join(", ")}) = ${shortNumber(results[i])}`;
    return row(
      [
        matrix(image, { title: "image", highlight: inImage }),
        "→",
        matrix(map, { title: `${name} pooling`, highlight: inMap, filled: i + 1 }),
      ],
      { caption },
    );
  };
  const title = options.title ?? `${kind === "max" ? "Max" : "Average"} pooling, ${height} × ${width}`;
  const alt =
    options.alt ??
    `Each window of ${height} × ${width} in an image of ${imageHeight} × ${imageWidth} becomes its ${kind === "max" ? "largest value" : "mean"}:\n${tableText(map)}`;
  return animation(frame, { ...options, title, alt, frames: windows.corners.length });
}
