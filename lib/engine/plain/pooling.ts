// The plain core: pooling of float64. Signatures and meaning are those of Windows (../core.ts).
import type { Pointer, Window } from "../core.ts";
import { float64, int32 } from "./memory.ts";
import { forEachTap, pixelsOf, positionsOf } from "./window.ts";

function arrays(g: Window, x: Pointer, y: Pointer) {
  return {
    images: float64(x, pixelsOf(g) * g.channels),
    outputs: float64(y, positionsOf(g) * g.channels),
  };
}

export function maxPool(g: Window, x: Pointer, y: Pointer): void {
  const { images, outputs } = arrays(g, x, y);
  outputs.fill(Number.NEGATIVE_INFINITY);
  forEachTap(g, (pixel, _tap, position) => {
    for (let c = 0; c < g.channels; c++) {
      const place = position * g.channels + c;
      outputs[place] = Math.max(outputs[place]!, images[pixel * g.channels + c]!);
    }
  });
}

export function maxPoolWinners(g: Window, x: Pointer, y: Pointer, winners: Pointer): void {
  const { images, outputs } = arrays(g, x, y);
  const found = int32(winners, outputs.length).fill(-1);
  forEachTap(g, (pixel, _tap, position) => {
    for (let c = 0; c < g.channels; c++) {
      const place = position * g.channels + c;
      const value = images[pixel * g.channels + c]!;
      const wins = value === outputs[place] || Number.isNaN(value);
      if (wins && found[place] === -1) found[place] = pixel * g.channels + c;
    }
  });
}

export function maxPoolGradient(
  g: Window,
  x: Pointer,
  y: Pointer,
  dy: Pointer,
  dx: Pointer,
  relu = false,
): void {
  const { images, outputs } = arrays(g, x, y);
  const { images: target, outputs: gradient } = arrays(g, dx, dy);
  const given = new Uint8Array(outputs.length);
  target.fill(0);
  forEachTap(g, (pixel, _tap, position) => {
    for (let c = 0; c < g.channels; c++) {
      const place = position * g.channels + c;
      const value = images[pixel * g.channels + c]!;
      if (given[place] || !(value === outputs[place] || Number.isNaN(value))) continue;
      given[place] = 1;
      if (!relu || value > 0) target[pixel * g.channels + c]! += gradient[place]!;
    }
  });
}

export function sumPool(g: Window, x: Pointer, y: Pointer, scale: number): void {
  const { images, outputs } = arrays(g, x, y);
  outputs.fill(0);
  forEachTap(g, (pixel, _tap, position) => {
    for (let c = 0; c < g.channels; c++) {
      outputs[position * g.channels + c]! += images[pixel * g.channels + c]!;
    }
  });
  for (let i = 0; i < outputs.length; i++) outputs[i]! *= scale;
}

export function sumPoolGradient(g: Window, dy: Pointer, dx: Pointer, scale: number): void {
  const { images, outputs } = arrays(g, dx, dy);
  images.fill(0);
  forEachTap(g, (pixel, _tap, position) => {
    for (let c = 0; c < g.channels; c++) {
      images[pixel * g.channels + c]! += scale * outputs[position * g.channels + c]!;
    }
  });
}
