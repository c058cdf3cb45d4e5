// The matrix product with a bias and a relu on the way out.
//
// The output is cut into blocks, one a chunk. Within a block, for each stretch of k and each strip of 16 columns, b is
// packed into a panel (skipped where few rows would use it) and tiles of 6 rows run over it. The cut depends on the
// sizes only, never on the number of threads. Where many blocks would pack the same panels, large-gemm.ts takes over.
import { ARGUMENTS, bytes, divideUp } from "./control";
import { GemmTask, MAX_DEPTH, multiplyPanel, PACKED_ROWS } from "./gemm-task";
import { isLarge, multiplyLarge } from "./large-gemm";
import { packPanel, packRows, packTransposedPanel } from "./packing";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { GEMM } from "./tasks";
import { addBiasAndRelu } from "./tile-output";

const PARALLEL_FROM: f64 = 250000;
const BLOCK_ROWS = 192;
const BLOCK_COLUMNS = 512;
const MAX_CHUNKS = 60000;

export function gemm(
  transA: i32, transB: i32, a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32,
  m: i32, n: i32, k: i32, accumulate: i32, bias: usize, relu: i32,
): void {
  if (m <= 0 || n <= 0) return;
  begin();
  const t = changetype<GemmTask>(ARGUMENTS);
  t.a = a;
  t.rowStep = transA ? 4 : bytes(lda);
  t.depthStep = transA ? bytes(lda) : 4;
  t.b = b;
  t.ldb = bytes(ldb);
  t.transB = transB;
  t.c = c;
  t.ldc = bytes(ldc);
  t.m = m;
  t.n = n;
  t.k = k;
  t.accumulate = accumulate;
  t.bias = bias;
  t.relu = relu;
  // Reading a by columns costs a cache line a step and tile: worth a copy once many tiles are read for many columns.
  t.packRows = transA && k > 64 && n >= 64 && m >= 96 ? 1 : 0;
  // One cut of k for all products of that depth, so that a row of the result has the same bits whatever the number of rows.
  t.stretch = k > 0 ? divideUp(k, divideUp(k, MAX_DEPTH)) : 1;
  if (isLarge(t)) multiplyLarge(t);
  else multiplyBlocks(t);
}

function multiplyBlocks(t: GemmTask): void {
  const m = t.m, n = t.n, work = (m as f64) * (n as f64) * (t.k as f64), shared = work > PARALLEL_FROM;
  let blockRows = shared || t.packRows ? min(m, BLOCK_ROWS) : m, blockColumns = n;
  if (shared) {
    blockColumns = min(n, BLOCK_COLUMNS);
    // Six blocks or more, so that threads that start late or lose their core do not leave the others waiting.
    while (divideUp(m, blockRows) * divideUp(n, blockColumns) < 6) {
      if (blockColumns >= 64) blockColumns = (blockColumns / 2 + 15) & ~15;
      else if (blockRows >= 24) blockRows = (blockRows / 2 + 5) / 6 * 6;
      else break;
    }
    while (divideUp(m, blockRows) * divideUp(n, blockColumns) > MAX_CHUNKS) {
      blockRows *= 2;
      t.packRows = 0;
    }
  }
  t.blockRows = blockRows;
  t.blockColumns = blockColumns;
  t.columnBlocks = divideUp(n, blockColumns);
  parallel(GEMM, divideUp(m, blockRows) * t.columnBlocks, work > WORTH_WAKING);
}

export function gemmChunk(chunk: i32): void {
  const t = changetype<GemmTask>(ARGUMENTS);
  const row = (chunk / t.columnBlocks) * t.blockRows, column = (chunk % t.columnBlocks) * t.blockColumns;
  block(t, row, min(row + t.blockRows, t.m), column, min(column + t.blockColumns, t.n));
}

function block(t: GemmTask, rowStart: i32, rowEnd: i32, columnStart: i32, columnEnd: i32): void {
  const b = t.b, ldb = t.ldb, k = t.k, stretch = t.stretch, rows = rowEnd - rowStart;
  if (k <= 0 && !t.accumulate) clear(t.c, t.ldc, rowStart, rowEnd, columnStart, columnEnd);
  for (let k0 = 0; k0 < k; k0 += stretch) {
    const depth = min(stretch, k - k0);
    if (t.packRows) packRows(t.a + (k0 as usize) * t.depthStep, t.rowStep, t.depthStep, rowStart, rowEnd, depth, scratch + PACKED_ROWS);
    for (let j = columnStart; j < columnEnd; j += 16) {
      const columns = min(16, columnEnd - j);
      let panel = scratch, panelStride: usize = 64;
      if (t.transB) packTransposedPanel(b + (j as usize) * ldb + bytes(k0), ldb, depth, columns, panel);
      else {
        const source = b + (k0 as usize) * ldb + bytes(j);
        if (columns < 16 || rows > 24) packPanel(source, ldb, depth, columns, panel);
        else {
          panel = source;
          panelStride = ldb;
        }
      }
      multiplyPanel(t, rowStart, rowEnd, k0, depth, j, columns, panel, panelStride);
    }
  }
  if (t.bias || t.relu) addBiasAndRelu(t.c, t.ldc, rowStart, rowEnd, columnStart, columnEnd, t.bias, t.relu);
}

function clear(c: usize, ldc: usize, rowStart: i32, rowEnd: i32, columnStart: i32, columnEnd: i32): void {
  for (let i = rowStart; i < rowEnd; i++) memory.fill(c + (i as usize) * ldc + bytes(columnStart), 0, bytes(columnEnd - columnStart));
}
