// The plain core: max pooling of float64. Signatures and meaning are those of Engine (../core.ts).
import type { Pointer, Window } from "../core.ts";
import { size } from "../geometry.ts";
import { float64 } from "./memory.ts";
import { forEachTap } from "./window.ts";

function arrays(g: Window, x: Pointer, y: Pointer) {
  return {
    images: float64(x, size([g.batch, g.height, g.width, g.channels])),
    outputs: float64(y, size([g.batch, g.outHeight, g.outWidth, g.channels])),
  };
}

export function maxPool2d(g: Window, x: Pointer, y: Pointer): void {
  const { images, outputs } = arrays(g, x, y);
  outputs.fill(Number.NEGATIVE_INFINITY);
  forEachTap(g, (pixel, _tap, position) => {
    for (let c = 0; c < g.channels; c++) {
      const place = position * g.channels + c;
      outputs[place] = Math.max(outputs[place]!, images[pixel * g.channels + c]!);
    }
  });
}

export function maxPool2dGradient(
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
      if (given[place] || value !== outputs[place]) continue;
      given[place] = 1;
      if (!relu || value > 0) target[pixel * g.channels + c]! += gradient[place]!;
    }
  });
}
