// The plain core: 2-D convolution of float64 and its gradients. Signatures and meaning are those of Engine (../core.ts).
import type { Convolution, Pointer } from "../core.ts";
import { size } from "../geometry.ts";
import { float64 } from "./memory.ts";
import { forEachTap } from "./window.ts";

function arrays(g: Convolution, x: Pointer, filters: Pointer, y: Pointer) {
  return {
    images: float64(x, size([g.batch, g.height, g.width, g.channels])),
    weights: float64(filters, size([g.windowHeight, g.windowWidth, g.channels, g.filters])),
    outputs: float64(y, size([g.batch, g.outHeight, g.outWidth, g.filters])),
  };
}

export function conv2d(
  g: Convolution,
  x: Pointer,
  filters: Pointer,
  bias: Pointer,
  y: Pointer,
  relu: boolean,
): void {
  const { images, weights, outputs } = arrays(g, x, filters, y);
  const added = bias === 0 ? null : float64(bias, g.filters);
  for (let i = 0; i < outputs.length; i++) outputs[i] = added === null ? 0 : added[i % g.filters]!;
  forEachTap(g, (pixel, tap, position) => {
    for (let c = 0; c < g.channels; c++) {
      const value = images[pixel * g.channels + c]!;
      const row = (tap * g.channels + c) * g.filters;
      for (let f = 0; f < g.filters; f++) outputs[position * g.filters + f]! += value * weights[row + f]!;
    }
  });
  if (relu) for (let i = 0; i < outputs.length; i++) outputs[i] = Math.max(outputs[i]!, 0);
}

export function conv2dInputGradient(
  g: Convolution,
  dy: Pointer,
  filters: Pointer,
  dx: Pointer,
  mask: Pointer = 0,
): void {
  const { images, weights, outputs } = arrays(g, dx, filters, dy);
  images.fill(0);
  forEachTap(g, (pixel, tap, position) => {
    for (let c = 0; c < g.channels; c++) {
      const row = (tap * g.channels + c) * g.filters;
      let total = 0;
      for (let f = 0; f < g.filters; f++) total += outputs[position * g.filters + f]! * weights[row + f]!;
      images[pixel * g.channels + c]! += total;
    }
  });
  if (mask === 0) return;
  const kept = float64(mask, images.length);
  for (let i = 0; i < images.length; i++) if (!(kept[i]! > 0)) images[i] = 0;
}

export function conv2dFilterGradient(g: Convolution, x: Pointer, dy: Pointer, dFilters: Pointer): void {
  const { images, weights, outputs } = arrays(g, x, dFilters, dy);
  weights.fill(0);
  forEachTap(g, (pixel, tap, position) => {
    for (let c = 0; c < g.channels; c++) {
      const value = images[pixel * g.channels + c]!;
      const row = (tap * g.channels + c) * g.filters;
      for (let f = 0; f < g.filters; f++) weights[row + f]! += value * outputs[position * g.filters + f]!;
    }
  });
}
