// The matrix product with a bias and a relu on the way out.
//
// The output is cut into blocks, one a chunk. Within a block, for each stretch of k and each strip of 16 columns, b is
// packed into a panel (skipped where few rows would use it) and tiles of 6 rows run over it. The cut depends on the
// sizes only, never on the number of threads.
import { multiplyTile, tileRows } from "./microkernels";
import { packPanel, packTransposedPanel } from "./packing";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { GEMM } from "./tasks";

// A panel of this depth (25 KB, below EDGE_TILE) and the rows of a that meet it stay in the first-level cache.
const MAX_DEPTH = 400;
const PARALLEL_FROM: f64 = 250000;
// Places in the scratch memory: the panel, a tile for the right edge, the packed rows of a.
const EDGE_TILE: usize = 32768;
const PACKED_ROWS: usize = 65536;

@unmanaged
class GemmTask {
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
  blockRows: i32;
  blockColumns: i32;
  columnBlocks: i32;
}

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
  t.packRows = transA && k > 64 && n >= 64 && m > 128 ? 1 : 0;
  const work = (m as f64) * (n as f64) * (k as f64);
  let blockRows = m, blockColumns = n;
  if (work > PARALLEL_FROM) {
    blockRows = min(m, 192);
    blockColumns = min(n, 512);
    // Six blocks or more, so that threads that start late or lose their core do not leave the others waiting.
    while (divideUp(m, blockRows) * divideUp(n, blockColumns) < 6) {
      if (blockColumns >= 64) blockColumns = (blockColumns / 2 + 15) & ~15;
      else if (blockRows >= 24) blockRows = (blockRows / 2 + 5) / 6 * 6;
      else break;
    }
    while (divideUp(m, blockRows) * divideUp(n, blockColumns) > 60000) blockColumns *= 2;
  } else if (t.packRows) blockRows = min(m, 192);
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
  const a = t.a, rowStep0 = t.rowStep, depthStep0 = t.depthStep, b = t.b, ldb = t.ldb, c = t.c, ldc = t.ldc, k = t.k;
  const transB = t.transB, packed = t.packRows;
  const panel = scratch, edge = scratch + EDGE_TILE, packedRows = scratch + PACKED_ROWS;
  if (k <= 0 && !t.accumulate) clear(c, ldc, rowStart, rowEnd, columnStart, columnEnd);
  const stretch = k > 0 ? divideUp(k, divideUp(k, MAX_DEPTH)) : 1;
  for (let k0 = 0; k0 < k; k0 += stretch) {
    const depth = min(stretch, k - k0);
    const accumulate = (t.accumulate | k0) ? 1 : 0;
    if (packed) packLeft(a + (k0 as usize) * depthStep0, rowStep0, depthStep0, rowStart, rowEnd, depth, packedRows);
    for (let j = columnStart; j < columnEnd; j += 16) {
      const columns = min(16, columnEnd - j);
      let p = panel, panelStride: usize = 64;
      if (transB) packTransposedPanel(b + (j as usize) * ldb + bytes(k0), ldb, depth, columns, panel);
      else {
        const source = b + (k0 as usize) * ldb + bytes(j);
        if (columns < 16 || rowEnd - rowStart > 24) packPanel(source, ldb, depth, columns, panel);
        else {
          p = source;
          panelStride = ldb;
        }
      }
      let left = packedRows;
      for (let i = rowStart; i < rowEnd;) {
        const rows = tileRows(rowEnd - i);
        let x = a + (i as usize) * rowStep0 + (k0 as usize) * depthStep0, rowStep = rowStep0, depthStep = depthStep0;
        if (packed) {
          x = left;
          rowStep = 4;
          depthStep = bytes(rows);
          left += (depth as usize) * depthStep;
        }
        const target = c + (i as usize) * ldc + bytes(j);
        const a1 = x + rowStep, a2 = a1 + rowStep, a3 = a2 + rowStep, a4 = a3 + rowStep, a5 = a4 + rowStep;
        if (columns == 16) multiplyTile(rows, 1, depth as usize, 0, depthStep, x, a1, a2, a3, a4, a5, p, panelStride, target, ldc, accumulate);
        else {
          multiplyTile(rows, 1, depth as usize, 0, depthStep, x, a1, a2, a3, a4, a5, p, panelStride, edge, 64, 0);
          mergeEdge(edge, target, ldc, rows, columns, accumulate);
        }
        i += rows;
      }
    }
  }
  if (t.bias || t.relu) addBiasAndRelu(c, ldc, rowStart, rowEnd, columnStart, columnEnd, t.bias, t.relu);
}

function clear(c: usize, ldc: usize, rowStart: i32, rowEnd: i32, columnStart: i32, columnEnd: i32): void {
  for (let i = rowStart; i < rowEnd; i++) memory.fill(c + (i as usize) * ldc + bytes(columnStart), 0, bytes(columnEnd - columnStart));
}

// Steps of k that are packed for one tile before the next tile's turn: a few rows of the stored a are read side by side, rather
// than one tile's column of all of them, which would take a cache line a step.
const PACK_STEPS = 16;

// Rows of op(a) as the tiles will read them: for each tile [depth][rows of the tile].
function packLeft(a: usize, rowStep: usize, depthStep: usize, rowStart: i32, rowEnd: i32, depth: i32, target: usize): void {
  for (let from = 0; from < depth; from += PACK_STEPS) {
    const steps = min(PACK_STEPS, depth - from);
    let tile = target;
    for (let i = rowStart; i < rowEnd;) {
      const rows = tileRows(rowEnd - i);
      let source = a + (i as usize) * rowStep + (from as usize) * depthStep, p = tile + bytes(rows * from);
      if (rowStep == 4 && rows == 6) {
        for (let k = 0; k < steps; k++) {
          v128.store(p, v128.load(source));
          store<i64>(p, load<i64>(source, 16), 16);
          p += 24;
          source += depthStep;
        }
      } else {
        for (let k = 0; k < steps; k++) {
          let x = source;
          for (let r = 0; r < rows; r++) {
            store<f32>(p, load<f32>(x));
            p += 4;
            x += rowStep;
          }
          source += depthStep;
        }
      }
      tile += bytes(rows * depth);
      i += rows;
    }
  }
}

/** Copies or adds the first `columns` columns of a temporary 16-wide tile to c. */
export function mergeEdge(tile: usize, c: usize, ldc: usize, rows: i32, columns: i32, accumulate: i32): void {
  const end = bytes(columns);
  for (let r = 0; r < rows; r++) {
    for (let x: usize = 0; x < end; x += 4) {
      const v = load<f32>(tile + x);
      store<f32>(c + x, accumulate ? load<f32>(c + x) + v : v);
    }
    tile += 64;
    c += ldc;
  }
}

/** c = max(c + bias, 0) over a block, either part optional. */
export function addBiasAndRelu(
  c: usize, ldc: usize, rowStart: i32, rowEnd: i32, columnStart: i32, columnEnd: i32, bias: usize, relu: i32,
): void {
  const low = f32x4.splat(relu ? 0 : -Infinity), lowest: f32 = relu ? 0 : -Infinity;
  const end = bytes(columnEnd - columnStart), whole = end & ~31;
  const b = bias + bytes(columnStart);
  for (let i = rowStart; i < rowEnd; i++) {
    const p = c + (i as usize) * ldc + bytes(columnStart);
    let x: usize = 0;
    // pmax and `<` keep a NaN that stands on their left.
    if (bias) {
      for (; x < whole; x += 32) {
        const v0 = f32x4.pmax(f32x4.add(v128.load(p + x), v128.load(b + x)), low);
        const v1 = f32x4.pmax(f32x4.add(v128.load(p + x, 16), v128.load(b + x, 16)), low);
        v128.store(p + x, v0);
        v128.store(p + x, v1, 16);
      }
    } else {
      for (; x < whole; x += 32) {
        const v0 = f32x4.pmax(v128.load(p + x), low), v1 = f32x4.pmax(v128.load(p + x, 16), low);
        v128.store(p + x, v0);
        v128.store(p + x, v1, 16);
      }
    }
    for (; x < end; x += 4) {
      let v = load<f32>(p + x);
      if (bias) v += load<f32>(b + x);
      store<f32>(p + x, v < lowest ? lowest : v);
    }
  }
}
