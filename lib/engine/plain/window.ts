// The plain core: where a window that moves over images touches them.
import type { Window, WindowAxis } from "../core.ts";

/**
 * Calls `visit` for each output position and each cell of the window that lies inside the image: with the number of the
 * pixel (over the batch), of the cell in the window, and of the output position. Cells of one output come together.
 */
export function forEachTap(g: Window, visit: (pixel: number, tap: number, position: number) => void): void {
  const [depth, height, width] = g.axes;
  let position = 0;
  for (let b = 0; b < g.batch; b++) {
    for (let z = 0; z < depth.positions; z++) {
      for (let y = 0; y < height.positions; y++) {
        for (let x = 0; x < width.positions; x++) {
          forEachCell(depth, z, (iz, kz) => {
            forEachCell(height, y, (iy, ky) => {
              const row = ((b * depth.length + iz) * height.length + iy) * width.length;
              const taps = (kz * height.window + ky) * width.window;
              forEachCell(width, x, (ix, kx) => visit(row + ix, taps + kx, position));
            });
          });
          position++;
        }
      }
    }
  }
}

/** Output positions in all, over the batch. */
export function positionsOf(g: Window): number {
  return g.axes.reduce((count, axis) => count * axis.positions, g.batch);
}

/** Input cells in all, over the batch. */
export function pixelsOf(g: Window): number {
  return g.axes.reduce((count, axis) => count * axis.length, g.batch);
}

function forEachCell(axis: WindowAxis, position: number, visit: (cell: number, tap: number) => void): void {
  const start = position * axis.stride - axis.before;
  for (let tap = 0; tap < axis.window; tap++) {
    const cell = start + tap * axis.dilation;
    if (cell >= 0 && cell < axis.length) visit(cell, tap);
  }
}
