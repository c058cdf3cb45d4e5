// The plain core: where a window that moves over images touches them.
import type { Window } from "../core.ts";

/**
 * Calls `visit` for each output position and each place of the window that lies inside the image: with the number of the
 * pixel (over the batch), of the place in the window, and of the output position. Places of one output come together.
 */
export function forEachTap(g: Window, visit: (pixel: number, tap: number, position: number) => void): void {
  let position = 0;
  for (let b = 0; b < g.batch; b++) {
    for (let row = 0; row < g.outHeight; row++) {
      for (let column = 0; column < g.outWidth; column++) {
        const top = row * g.strideY - g.padTop;
        const left = column * g.strideX - g.padLeft;
        for (let i = Math.max(0, -top); i < g.windowHeight && top + i < g.height; i++) {
          for (let j = Math.max(0, -left); j < g.windowWidth && left + j < g.width; j++) {
            visit((b * g.height + top + i) * g.width + left + j, i * g.windowWidth + j, position);
          }
        }
        position++;
      }
    }
  }
}
