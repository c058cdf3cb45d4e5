// What both ways to a matrix product share: the task, and the rows of a that meet one panel of b.
import { bytes } from "./control";
import { multiplyStrip } from "./microkernels";
import { scratch } from "./pool";
import { mergeEdge } from "./tile-output";

/** Steps of k in one panel (32 KB): longer ones would leave the first-level cache, shorter ones add to c more often. */
export const MAX_DEPTH = 512;

// Places in a thread's scratch memory: the panel, tiles for the right edge, the packed rows of a.
const EDGE_TILES: usize = 32768;
const EDGE_ROWS = 192;
export const PACKED_ROWS: usize = 65536;

@unmanaged
export class GemmTask {
  a: usize;
  /** Bytes from one row of op(a) to the next, and from one step of k to the next. */
  rowStep: usize;
  depthStep: usize;
  b: usize;
  ldb: usize;
  transB: i32;
  c: usize;
  ldc: usize;
  m: i32;
  n: i32;
  k: i32;
  accumulate: i32;
  bias: usize;
  relu: i32;
  packRows: i32;
  /** Steps of k that are multiplied together. */
  stretch: i32;
  blockRows: i32;
  /** For small products. */
  blockColumns: i32;
  columnBlocks: i32;
  /** For large ones: the panels in hand. */
  panels: usize;
  firstStep: i32;
  depth: i32;
  firstColumn: i32;
  columns: i32;
}

/** c[rows, j … j + columns) = or += op(a)[rows, k0 … k0 + depth) · panel, with the rows of a packed before if the task says so. */
export function multiplyPanel(
  t: GemmTask, rowStart: i32, rowEnd: i32, k0: i32, depth: i32, j: i32, columns: i32, panel: usize, panelStride: usize,
): void {
  const ldc = t.ldc, accumulate = (t.accumulate | k0) ? 1 : 0, packed = t.packRows ? bytes(depth) : 0, edge = scratch + EDGE_TILES;
  const a = packed ? scratch + PACKED_ROWS : t.a + (rowStart as usize) * t.rowStep + (k0 as usize) * t.depthStep;
  const c = t.c + (rowStart as usize) * ldc + bytes(j), count = rowEnd - rowStart;
  if (columns == 16) {
    multiplyStrip(count, 1, depth as usize, 0, a, t.rowStep, t.depthStep, packed, panel, panelStride, c, ldc, accumulate);
    return;
  }
  for (let i = 0; i < count; i += EDGE_ROWS) {
    const rows = min(EDGE_ROWS, count - i), x = a + (i as usize) * t.rowStep;
    multiplyStrip(rows, 1, depth as usize, 0, x, t.rowStep, t.depthStep, packed, panel, panelStride, edge, 64, 0);
    mergeEdge(edge, c + (i as usize) * ldc, ldc, rows, columns, accumulate);
  }
}
