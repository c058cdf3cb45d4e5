// The cells under one tile of Winograd's convolution, taken from an image to their values at the 6×6 points.
import { bytes } from "./control";
import { scratch } from "./pool";
import { spreadFourLines, spreadLines } from "./winograd-transforms";

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
  cells: i32, image: usize, height: i32, width: i32, pixel: usize, y: i32, x: i32, channels: i32, to: usize, step: usize, rowPoints: i32,
): void {
  const row = (width as usize) * pixel, zeros = scratch + ZEROS, lines = scratch + LINES;
  const in0 = inside(y, height), in1 = inside(y + 1, height), in2 = inside(y + 2, height);
  const in3 = inside(y + 3, height), in4 = inside(y + 4, height), in5 = inside(y + 5, height);
  const start = image + (y as usize) * row + (x as usize) * pixel;
  for (let c = 0; c < channels; c += LINE_CHANNELS) {
    const size = bytes(min(LINE_CHANNELS, channels - c));
    for (let i = 0; i < cells; i++) {
      const cell = start + (i as usize) * pixel + bytes(c), within = inside(x + i, width), line = lines + (i as usize) * size;
      const d0 = within & in0 ? cell : zeros, d1 = within & in1 ? cell + row : zeros;
      const d2 = within & in2 ? cell + 2 * row : zeros, d3 = within & in3 ? cell + 3 * row : zeros;
      if (cells == 4) spreadFourLines(d0, d1, d2, d3, line, 6 * size, size);
      else spreadLines(d0, d1, d2, d3, within & in4 ? cell + 4 * row : zeros, within & in5 ? cell + 5 * row : zeros, line, 6 * size, size);
    }
    let from = lines, target = to + bytes(c);
    for (let i = 0; i < rowPoints; i++) {
      if (cells == 4) spreadFourLines(from, from + size, from + 2 * size, from + 3 * size, target, step, size);
      else spreadLines(from, from + size, from + 2 * size, from + 3 * size, from + 4 * size, from + 5 * size, target, step, size);
      from += 6 * size;
      target += 6 * step;
    }
  }
}

/**
 * The 6×6 cells from (y, x) on of an image, `pixel` bytes a cell, zeros outside of it: `channels` values at each of the points, `step`
 * bytes from one point to the next; of the rows of points only the first `rowPoints`.
 */
export function spreadSixBySix(
  image: usize, height: i32, width: i32, pixel: usize, y: i32, x: i32, channels: i32, to: usize, step: usize, rowPoints: i32,
): void {
  spread(6, image, height, width, pixel, y, x, channels, to, step, rowPoints);
}

/** The same for 4×4 cells. */
export function spreadFourByFour(image: usize, height: i32, width: i32, pixel: usize, y: i32, x: i32, channels: i32, to: usize, step: usize): void {
  spread(4, image, height, width, pixel, y, x, channels, to, step, 6);
}
