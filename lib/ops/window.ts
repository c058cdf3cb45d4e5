// A window that moves over an image: what convolution and pooling share.
import type { Window } from "../engine/core.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";

/** Height and width, or one number for both. */
export type Strides = number | readonly [number, number];

/** `"valid"`: only where the window fits; `"same"`: with a border, so that stride 1 keeps the size. */
export type Padding = "valid" | "same";

/** Reads a size given as one number or as height and width. */
export function readPair(operation: string, name: string, value: Strides): readonly [number, number] {
  const pair = typeof value === "number" ? ([value, value] as const) : value;
  if (pair.length !== 2 || !pair.every((size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(
      `${operation}: ${name} must be a whole number from 1 up, or two such as [2, 2]; got ${value}`,
    );
  }
  return pair;
}

/** Where the windows lie on images `[batch, height, width, channels]`; output sizes as in Keras. */
export function placeWindow(
  operation: string,
  shape: Shape,
  size: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding = "valid",
): Window {
  if (padding !== "valid" && padding !== "same") {
    throw new TypeError(`${operation}: unknown padding "${String(padding)}" — known are "valid" and "same"`);
  }
  const [batch, height, width, channels] = shape as readonly [number, number, number, number];
  if (padding === "valid" && (size[0] > height || size[1] > width)) {
    throw new Error(
      `${operation}: a window of ${size[0]} × ${size[1]} does not fit into an image of ${height} × ${width} (x is ` +
        `${formatShape(shape)}) — use padding: "same", a smaller window, or fewer layers that shrink the image`,
    );
  }
  const along = (length: number, window: number, stride: number): [count: number, before: number] => {
    if (padding === "valid") return [Math.floor((length - window) / stride) + 1, 0];
    const count = Math.ceil(length / stride);
    return [count, Math.floor(Math.max((count - 1) * stride + window - length, 0) / 2)];
  };
  const [outHeight, padTop] = along(height, size[0], strides[0]);
  const [outWidth, padLeft] = along(width, size[1], strides[1]);
  const [windowHeight, windowWidth] = size;
  const [strideY, strideX] = strides;
  return {
    batch,
    height,
    width,
    channels,
    windowHeight,
    windowWidth,
    strideY,
    strideX,
    padTop,
    padLeft,
    outHeight,
    outWidth,
  };
}
