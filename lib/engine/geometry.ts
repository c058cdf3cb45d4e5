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

// Rows and columns of the input that the windows span, padding included.
export function spannedHeight(g: Window): number {
  return (g.outHeight - 1) * g.strideY + g.windowHeight;
}

export function spannedWidth(g: Window): number {
  return (g.outWidth - 1) * g.strideX + g.windowWidth;
}

export function needsPadding(g: Window): boolean {
  return g.padTop !== 0 || g.padLeft !== 0 || spannedHeight(g) > g.height || spannedWidth(g) > g.width;
}

export function windowArguments(g: Window): number[] {
  return [
    ...[g.batch, g.height, g.width, g.channels, g.windowHeight, g.windowWidth],
    ...[g.strideY, g.strideX, g.padTop, g.padLeft, g.outHeight, g.outWidth],
  ];
}
