// Where Winograd's convolution takes the place of the direct one.
import type { Convolution } from "./core.ts";

const MIN_CHANNELS = 16;
const MAX_CHANNELS = 512;
/** Tiles of a map below which little is won, and of a whole batch before bringing the sums back to taps is small beside them. */
const MAP_TILES = 4;
const GRADIENT_TILES = 256;

/**
 * For 3×3 taps one cell apart, channels in whole vectors and enough of them for the transforms, and outputs that fill half of
 * their tiles or more. Not a question of the batch, so that an image has the same bits in any.
 */
export function suitsWinograd(g: Convolution, direction: "forward" | "backward"): boolean {
  const [depth, height, width] = g.axes;
  if (depth.window !== 1 || depth.positions !== depth.length || depth.before !== 0 || g.groups !== 1)
    return false;
  if ([height, width].some((a) => a.window !== 3 || a.stride !== 1 || a.dilation !== 1)) return false;
  if ([g.channels, g.filters].some((n) => n % 8 !== 0 || n < MIN_CHANNELS || n > MAX_CHANNELS)) return false;
  const [rows, columns] = [height, width].map((a) => (direction === "forward" ? a.positions : a.length));
  const tiles = tilesOf(rows!, columns!);
  return tiles >= MAP_TILES && rows! * columns! >= 8 * tiles;
}

/** The same for the gradient for the filters, whose sum runs over all images. */
export function suitsWinogradGradient(g: Convolution): boolean {
  const [depth, height, width] = g.axes;
  const tiles = g.batch * depth.length * tilesOf(height.positions, width.positions);
  return suitsWinograd(g, "forward") && tiles >= GRADIENT_TILES;
}

function tilesOf(rows: number, columns: number): number {
  return Math.ceil(rows / 4) * Math.ceil(columns / 4);
}
