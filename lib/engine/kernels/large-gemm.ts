// The matrix product of large factors: each part of b is packed once, for all threads and rows.
//
// For each stretch of k, and as many columns as there is room for: first all panels of b are packed, then each chunk takes a few
// rows of a over all of them. The panels lie in the calling thread's scratch memory, where the others read them.
import { ARGUMENTS, bytes, divideUp } from "./control";
import { GemmTask, multiplyPanel, PACKED_ROWS } from "./gemm-task";
import { packPanel, packRows, packTransposedPanel } from "./packing";
import { parallel, scratch } from "./pool";
import { GEMM_PANELS, GEMM_ROWS } from "./tasks";
import { addBiasAndRelu } from "./tile-output";

/** Multiply-adds, rows and columns from which it pays. */
const LARGE: f64 = 8000000;
/** Rows that are read by columns are packed once too, not once a block. */
const MIN_ROWS = 192;
const MIN_PACKED_ROWS = 96;
const MIN_COLUMNS = 32;
/** Beyond these there would be more chunks than a task can have. */
const MAX_ROWS = 4000000;

// Rows of a chunk: with 512 steps of k they fill half of a second-level cache of 384 KB, and packed lie below the panels.
const MAX_CHUNK_ROWS = 96;
const PANELS: usize = 524288;
const PANEL_SPACE = 1572864;

/** Whether there are rows enough to win back what the second round of chunks costs. */
export function isLarge(t: GemmTask): bool {
  const rows = t.m >= (t.packRows ? MIN_PACKED_ROWS : MIN_ROWS) && t.m <= MAX_ROWS;
  return rows && t.n >= MIN_COLUMNS && (t.m as f64) * (t.n as f64) * (t.k as f64) >= LARGE;
}

export function multiplyLarge(t: GemmTask): void {
  const m = t.m, n = t.n, k = t.k, stretch = t.stretch;
  // A multiple of eight chunks, alike in size, so that two, four or eight threads end together; rows in tiles of 4 and 6.
  t.blockRows = (divideUp(m, 8 * divideUp(m, 8 * MAX_CHUNK_ROWS)) + 1) & ~1;
  t.panels = scratch + PANELS;
  const fitting = PANEL_SPACE / (64 * stretch) * 16, group = (divideUp(n, divideUp(n, fitting)) + 15) & ~15;
  for (let j = 0; j < n; j += group) {
    t.firstColumn = j;
    t.columns = min(group, n - j);
    for (let k0 = 0; k0 < k; k0 += stretch) {
      t.firstStep = k0;
      t.depth = min(stretch, k - k0);
      parallel(GEMM_PANELS, divideUp(t.columns, 16), true);
      parallel(GEMM_ROWS, divideUp(m, t.blockRows), true);
    }
  }
}

@inline
function panelBytes(t: GemmTask): usize {
  return (t.depth as usize) << 6;
}

export function gemmPanelsChunk(chunk: i32): void {
  const t = changetype<GemmTask>(ARGUMENTS), ldb = t.ldb, columns = min(16, t.columns - 16 * chunk);
  const row = t.firstStep, column = t.firstColumn + 16 * chunk, panel = t.panels + (chunk as usize) * panelBytes(t);
  if (t.transB) packTransposedPanel(t.b + (column as usize) * ldb + bytes(row), ldb, t.depth, columns, panel);
  else packPanel(t.b + (row as usize) * ldb + bytes(column), ldb, t.depth, columns, panel);
}

export function gemmRowsChunk(chunk: i32): void {
  const t = changetype<GemmTask>(ARGUMENTS), k0 = t.firstStep, depth = t.depth, first = t.firstColumn, columns = t.columns;
  const start = chunk * t.blockRows, end = min(t.m, start + t.blockRows);
  if (t.packRows) packRows(t.a + (k0 as usize) * t.depthStep, t.rowStep, t.depthStep, start, end, depth, scratch + PACKED_ROWS);
  let panel = t.panels;
  for (let j = 0; j < columns; j += 16) {
    multiplyPanel(t, start, end, k0, depth, first + j, min(16, columns - j), panel, 64);
    panel += panelBytes(t);
  }
  if (k0 + depth == t.k && (t.bias || t.relu)) addBiasAndRelu(t.c, t.ldc, start, end, first, first + columns, t.bias, t.relu);
}
