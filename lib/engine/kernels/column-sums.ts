// The gradient on its way back through a layer's activation and bias: masked by the relu, summed over the rows.
import { ARGUMENTS, bytes, divideUp } from "./control";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { COLUMN_SUMS } from "./tasks";

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
