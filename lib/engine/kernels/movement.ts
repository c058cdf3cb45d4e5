// Moving and converting data: fill, copy, transpose, gather and scatter rows, changes of the number type.
import { VectorTask } from "./elementwise";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { begin, parallel, WORTH_WAKING } from "./pool";
import { GATHER, TRANSPOSE } from "./tasks";

export function fill(x: usize, n: i32, value: f32): void {
  begin();
  if (reinterpret<i32>(value) == 0) {
    memory.fill(x, 0, bytes(n));
    return;
  }
  repeat(f32x4.splat(value), x, n);
}

/** n times the number that all lanes of v hold. */
export function repeat(v: v128, out: usize, n: i32): void {
  const end = out + bytes(n);
  for (; out + 32 <= end; out += 32) {
    v128.store(out, v);
    v128.store(out, v, 16);
  }
  for (; out < end; out += 4) store<i32>(out, i32x4.extract_lane(v, 0));
}

export function copy(source: usize, target: usize, n: i32): void {
  begin();
  memory.copy(target, source, bytes(n));
}

// ---- transpose: in tiles of 4×4, a strip of rows a chunk

export function transpose2d(x: usize, out: usize, rows: i32, columns: i32): void {
  if (rows <= 0 || columns <= 0) return;
  begin();
  const t = changetype<VectorTask>(ARGUMENTS), size = (rows as f64) * (columns as f64);
  t.a = x;
  t.out = out;
  t.n = rows;
  t.columns = columns;
  t.chunk = size < 32768 ? rows : max((divideUp(16384, columns) + 15) & ~15, divideUp(rows, 60000));
  parallel(TRANSPOSE, divideUp(rows, t.chunk), size > WORTH_WAKING / 4);
}

export function transposeChunk(chunk: i32): void {
  const t = changetype<VectorTask>(ARGUMENTS), rows = t.n, columns = t.columns;
  const ldx = bytes(columns), ldy = bytes(rows), last = min(rows, (chunk + 1) * t.chunk);
  // Sixteen rows at a time fill whole cache lines of the output.
  for (let i0 = chunk * t.chunk; i0 < last; i0 += 16) {
    const i1 = min(last, i0 + 16);
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      let i = i0;
      for (; i + 4 <= i1; i += 4) transposeTile(t.a + (i as usize) * ldx + bytes(j), ldx, t.out + (j as usize) * ldy + bytes(i), ldy);
      for (; i < i1; i++) {
        for (let c = j; c < j + 4; c++) store<i32>(t.out + (c as usize) * ldy + bytes(i), load<i32>(t.a + (i as usize) * ldx + bytes(c)));
      }
    }
    for (; j < columns; j++) {
      for (let i = i0; i < i1; i++) store<i32>(t.out + (j as usize) * ldy + bytes(i), load<i32>(t.a + (i as usize) * ldx + bytes(j)));
    }
  }
}

@inline
function transposeTile(x: usize, ldx: usize, y: usize, ldy: usize): void {
  const r0 = v128.load(x), r1 = v128.load(x + ldx), r2 = v128.load(x + 2 * ldx), r3 = v128.load(x + 3 * ldx);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(y, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
  v128.store(y + ldy, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
  v128.store(y + 2 * ldy, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
  v128.store(y + 3 * ldy, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
}

// ---- rows by index

export function gatherRows(table: usize, indices: usize, out: usize, count: i32, columns: i32): void {
  if (count <= 0 || columns <= 0) return;
  begin();
  const t = changetype<VectorTask>(ARGUMENTS), size = (count as f64) * (columns as f64);
  t.a = table;
  t.b = indices;
  t.out = out;
  t.n = count;
  t.columns = columns;
  t.chunk = size < 32768 ? count : max(divideUp(16384, columns), divideUp(count, 60000));
  parallel(GATHER, divideUp(count, t.chunk), size > WORTH_WAKING / 4);
}

export function gatherChunk(chunk: i32): void {
  const t = changetype<VectorTask>(ARGUMENTS), row = bytes(t.columns), last = min(t.n, (chunk + 1) * t.chunk);
  for (let i = chunk * t.chunk; i < last; i++) {
    memory.copy(t.out + (i as usize) * row, t.a + (load<i32>(t.b + bytes(i)) as usize) * row, row);
  }
}

export function scatterAddRows(x: usize, indices: usize, table: usize, count: i32, columns: i32): void {
  begin();
  const row = bytes(columns);
  for (let i = 0; i < count; i++) {
    const target = table + (load<i32>(indices + bytes(i)) as usize) * row;
    let j: usize = 0;
    for (; j + 16 <= row; j += 16) v128.store(target + j, f32x4.add(v128.load(target + j), v128.load(x + j)));
    for (; j < row; j += 4) store<f32>(target + j, load<f32>(target + j) + load<f32>(x + j));
    x += row;
  }
}

export function findIndexOutside(indices: usize, n: i32, limit: i32): i32 {
  begin();
  for (let i = 0; i < n; i++) if (load<u32>(indices + bytes(i)) >= (limit as u32)) return i;
  return -1;
}

// ---- number types

export function int32ToFloat32(x: usize, y: usize, n: i32): void {
  begin();
  const size = bytes(n);
  let i: usize = 0;
  for (; i + 16 <= size; i += 16) v128.store(y + i, f32x4.convert_i32x4_s(v128.load(x + i)));
  for (; i < size; i += 4) store<f32>(y + i, load<i32>(x + i) as f32);
}

export function float32ToInt32(x: usize, y: usize, n: i32): void {
  begin();
  const size = bytes(n);
  let i: usize = 0;
  for (; i + 16 <= size; i += 16) v128.store(y + i, i32x4.trunc_sat_f32x4_s(v128.load(x + i)));
  for (; i < size; i += 4) store<i32>(y + i, i32x4.extract_lane(i32x4.trunc_sat_f32x4_s(v128.load32_splat(x + i)), 0));
}

export function uint8ToFloat32(x: usize, y: usize, n: i32, factor: f32): void {
  begin();
  for (let i = 0; i < n; i++) store<f32>(y + bytes(i), (load<u8>(x + (i as usize)) as f32) * factor);
}

export function float32ToBool(x: usize, y: usize, n: i32): void {
  begin();
  for (let i = 0; i < n; i++) store<u8>(y + (i as usize), load<f32>(x + bytes(i)) != 0 ? 1 : 0);
}
