// The cells under one tile of Winograd's convolution, taken from an image to their values at the 6×6 points.
import { bytes } from "./control";
import { scratch } from "./pool";
import { spreadFirst, spreadFourLines, spreadLines } from "./winograd-transforms";

// Scratch memory up to WINOGRAD_SPACE: zeros for cells outside of the image, and lines that are half transformed.
const ZEROS: usize = 0;
const LINES: usize = 16384;
/** Channels at once: their lines for all 36 points end before WINOGRAD_SPACE. */
export const LINE_CHANNELS = 64;
export const WINOGRAD_SPACE: usize = 32768;

@inline
function inside(position: i32, length: i32): bool {
  return (position as u32) < (length as u32);
}

/** To be called in a chunk before its first tile. */
export function clearOutside(): void {
  memory.fill(scratch + ZEROS, 0, bytes(LINE_CHANNELS));
}

@inline
function spread(
  cells: i32, image: usize, height: i32, width: i32, pixel: usize, y: i32, x: i32, channels: i32, to: usize, step: usize,
  rowPoints: i32, columnPoints: i32,
): void {
  const row = (width as usize) * pixel, zeros = scratch + ZEROS, lines = scratch + LINES;
  const in0 = inside(y, height), in1 = inside(y + 1, height), in2 = inside(y + 2, height);
  const in3 = inside(y + 3, height), in4 = inside(y + 4, height), in5 = inside(y + 5, height);
  const start = image + (y as usize) * row + (x as usize) * pixel;
  for (let c = 0; c < channels; c += LINE_CHANNELS) {
    const size = bytes(min(LINE_CHANNELS, channels - c));
    for (let i = 0; i < cells; i++) {
      if (!inside(x + i, width)) continue;
      const cell = start + (i as usize) * pixel + bytes(c), line = lines + (i as usize) * size;
      const d0 = in0 ? cell : zeros, d1 = in1 ? cell + row : zeros, d2 = in2 ? cell + 2 * row : zeros, d3 = in3 ? cell + 3 * row : zeros;
      if (cells == 4) spreadFourLines(d0, d1, d2, d3, line, 6 * size, size);
      else if (rowPoints == 1) spreadFirst(d0, line, size);
      else spreadLines(d0, d1, d2, d3, in4 ? cell + 4 * row : zeros, in5 ? cell + 5 * row : zeros, line, 6 * size, size);
    }
    let from = lines, target = to + bytes(c);
    for (let i = 0; i < rowPoints; i++) {
      const d0 = inside(x, width) ? from : zeros, d1 = inside(x + 1, width) ? from + size : zeros;
      const d2 = inside(x + 2, width) ? from + 2 * size : zeros, d3 = inside(x + 3, width) ? from + 3 * size : zeros;
      if (cells == 4) spreadFourLines(d0, d1, d2, d3, target, step, size);
      else if (columnPoints == 1) spreadFirst(d0, target, size);
      else spreadLines(d0, d1, d2, d3, inside(x + 4, width) ? from + 4 * size : zeros, inside(x + 5, width) ? from + 5 * size : zeros, target, step, size);
      from += 6 * size;
      target += 6 * step;
    }
  }
}

/**
 * The 6×6 cells from (y, x) on of an image, `pixel` bytes a cell, zeros outside of it: `channels` values at each of the points, `step`
 * bytes from one point to the next. Along an axis with 1 point in place of 6 only the first cell lies in the image.
 */
export function spreadSixBySix(
  image: usize, height: i32, width: i32, pixel: usize, y: i32, x: i32, channels: i32, to: usize, step: usize,
  rowPoints: i32, columnPoints: i32,
): void {
  spread(6, image, height, width, pixel, y, x, channels, to, step, rowPoints, columnPoints);
}

/** The same for 4×4 cells. */
export function spreadFourByFour(image: usize, height: i32, width: i32, pixel: usize, y: i32, x: i32, channels: i32, to: usize, step: usize): void {
  spread(4, image, height, width, pixel, y, x, channels, to, step, 6, 6);
}
