// Sizes that follow from the shape of a tensor or a window.
import type { Window } from "./core.ts";

export function size(shape: readonly number[]): number {
  let product = 1;
  for (const length of shape) product *= length;
  return product;
}

export function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

export function panelSize(depth: number, columns: number): number {
  return 64 * depth * Math.ceil(columns / 16);
}

/** The images over which the windows slide: as they are (`bytes` is 0), or a padded copy of so many bytes. */
export interface Images {
  readonly height: number;
  readonly width: number;
  readonly bytes: number;
}

export function imagesUnder(g: Window): Images {
  // Rows and columns that the windows span, padding included.
  const height = (g.outHeight - 1) * g.strideY + g.windowHeight;
  const width = (g.outWidth - 1) * g.strideX + g.windowWidth;
  const fits = g.padTop === 0 && g.padLeft === 0 && height <= g.height && width <= g.width;
  if (fits) return { height: g.height, width: g.width, bytes: 0 };
  return { height, width, bytes: 4 * g.batch * height * width * g.channels };
}

export function windowArguments(g: Window): number[] {
  return [
    ...[g.batch, g.height, g.width, g.channels, g.windowHeight, g.windowWidth],
    ...[g.strideY, g.strideX, g.padTop, g.padLeft, g.outHeight, g.outWidth],
  ];
}
