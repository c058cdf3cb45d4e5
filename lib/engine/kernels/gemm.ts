// The matrix product, and the sums over rows that go with a dense layer's gradient.
//
// The output is cut into blocks, one a chunk. Within a block, for each stretch of k and each strip of 16 columns, b is
// packed into a panel (skipped where few rows would use it) and tiles of 6 rows run over it. The cut depends on the
// sizes only, never on the number of threads.
import { multiplyTile, tileRows } from "./microkernels";
import { packPanel, packTransposedPanel } from "./packing";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { COLUMN_SUMS, GEMM } from "./tasks";

// A panel of this depth (18 KB) and the rows of a that meet it stay in the first-level cache.
const MAX_DEPTH = 288;
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
  // Reading a by columns costs a cache line a row and step: worth a copy once it is read for enough columns.
  t.packRows = transA && k > 64 && n >= 64 ? 1 : 0;
  const work = (m as f64) * (n as f64) * (k as f64);
  let blockRows = m, blockColumns = n;
  if (work > PARALLEL_FROM) {
    blockRows = min(m, 192);
    blockColumns = min(n, 128);
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

// Rows of op(a) as the tiles will read them: for each tile [depth][rows of the tile].
function packLeft(a: usize, rowStep: usize, depthStep: usize, rowStart: i32, rowEnd: i32, depth: i32, target: usize): void {
  for (let i = rowStart; i < rowEnd;) {
    const rows = tileRows(rowEnd - i);
    let source = a + (i as usize) * rowStep;
    if (rowStep == 4 && rows == 6) {
      for (let k = 0; k < depth; k++) {
        v128.store(target, v128.load(source));
        store<i64>(target, load<i64>(source, 16), 16);
        target += 24;
        source += depthStep;
      }
    } else {
      for (let k = 0; k < depth; k++) {
        let x = source;
        for (let r = 0; r < rows; r++) {
          store<f32>(target, load<f32>(x));
          target += 4;
          x += rowStep;
        }
        source += depthStep;
      }
    }
    i += rows;
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

// ---- column sums with an optional relu mask

// Rows summed in float32 before the sum moves to the second level: keeps the rounding error small for long columns.
const BLOCK_OF_ROWS = 128;
const MAX_PARTS = 16;

@unmanaged
class ColumnSumsTask {
  dy: usize;
  y: usize;
  /** [parts][columns], or the result itself when there is one part. */
  sums: usize;
  rows: i32;
  columns: i32;
  hasRelu: i32;
  parts: i32;
  columnsPerChunk: i32;
}

export function reluMaskAndBiasGradient(dy: usize, y: usize, dBias: usize, rows: i32, columns: i32, hasRelu: i32): void {
  if (columns <= 0) return;
  begin();
  const t = changetype<ColumnSumsTask>(ARGUMENTS);
  const size = (rows as f64) * (columns as f64);
  t.dy = dy;
  t.y = y;
  t.rows = rows;
  t.columns = columns;
  t.hasRelu = hasRelu;
  t.parts = 1;
  t.columnsPerChunk = columns;
  if (size > 32768) {
    // Wide matrices are cut by columns; tall ones by rows, with a last addition of the parts' sums.
    if (columns >= 256 || columns > rows) t.columnsPerChunk = max(32, (columns / 4 + 15) & ~15);
    else t.parts = min(MAX_PARTS, divideUp(rows, BLOCK_OF_ROWS));
    while (divideUp(columns, t.columnsPerChunk) > 60000) t.columnsPerChunk *= 2;
  }
  const inParts = t.parts > 1;
  const parts = t.parts;
  t.sums = inParts ? scratch : dBias;
  parallel(COLUMN_SUMS, divideUp(columns, t.columnsPerChunk) * parts, size > WORTH_WAKING / 4);
  if (!inParts || !dBias) return;
  for (let j: usize = 0, end = bytes(columns); j < end; j += 4) {
    let sum: f64 = 0;
    for (let part = 0; part < parts; part++) sum += load<f32>(scratch + (part as usize) * end + j) as f64;
    store<f32>(dBias + j, sum as f32);
  }
}

export function columnSumsChunk(chunk: i32): void {
  const t = changetype<ColumnSumsTask>(ARGUMENTS);
  const parts = t.parts, rows = t.rows, columns = t.columns, hasRelu = t.hasRelu, ld = bytes(columns);
  const part = chunk % parts, first = (chunk / parts) * t.columnsPerChunk;
  const last = min(columns, first + t.columnsPerChunk);
  const rowStart = ((part as i64) * (rows as i64) / parts) as i32, rowEnd = ((part as i64 + 1) * (rows as i64) / parts) as i32;
  const sums = t.sums ? t.sums + (part as usize) * ld : 0;
  const dy = t.dy + (rowStart as usize) * ld, y = t.y + (rowStart as usize) * ld;
  let j = first;
  for (; j + 8 <= last; j += 8) eightColumns(dy + bytes(j), y + bytes(j), ld, rowEnd - rowStart, hasRelu, sums ? sums + bytes(j) : 0);
  for (; j < last; j++) {
    let p = dy + bytes(j), q = y + bytes(j), sum: f64 = 0;
    for (let i = rowStart; i < rowEnd; i++) {
      if (hasRelu && !(load<f32>(q) > 0)) store<f32>(p, 0);
      sum += load<f32>(p) as f64;
      p += ld;
      q += ld;
    }
    if (sums) store<f32>(sums + bytes(j), sum as f32);
  }
}

function eightColumns(dy: usize, y: usize, ld: usize, rows: i32, hasRelu: i32, sums: usize): void {
  const zero = f32x4.splat(0);
  let total0 = zero, total1 = zero;
  for (let i = 0; i < rows; i += BLOCK_OF_ROWS) {
    let sum0 = zero, sum1 = zero;
    const count = min(BLOCK_OF_ROWS, rows - i);
    if (hasRelu) {
      for (let r = 0; r < count; r++) {
        const v0 = v128.and(v128.load(dy), f32x4.gt(v128.load(y), zero));
        const v1 = v128.and(v128.load(dy, 16), f32x4.gt(v128.load(y, 16), zero));
        v128.store(dy, v0);
        v128.store(dy, v1, 16);
        sum0 = f32x4.add(sum0, v0);
        sum1 = f32x4.add(sum1, v1);
        dy += ld;
        y += ld;
      }
    } else {
      for (let r = 0; r < count; r++) {
        sum0 = f32x4.add(sum0, v128.load(dy));
        sum1 = f32x4.add(sum1, v128.load(dy, 16));
        dy += ld;
      }
    }
    total0 = f32x4.add(total0, sum0);
    total1 = f32x4.add(total1, sum1);
  }
  if (!sums) return;
  v128.store(sums, total0);
  v128.store(sums, total1, 16);
}
