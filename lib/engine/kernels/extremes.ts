// Maximum, minimum and where they are. NaN anywhere gives NaN, and its place, as in NumPy.
// pmax and pmin are one instruction each but lose a NaN on the right, so NaN is looked for beside them: a third of the
// instructions of max and min.
import * as Op from "../opcodes";
import { ARGUMENTS, bytes } from "./control";
import { scratch } from "./pool";
import { ReduceTask } from "./reduce";

@inline
function further(m: v128, v: v128, largest: bool): v128 {
  return largest ? f32x4.pmax(m, v) : f32x4.pmin(m, v);
}

@inline
function orNaN(bad: v128, v: v128): v128 {
  return v128.or(bad, f32x4.ne(v, v));
}

/** The largest (smallest) of n numbers side by side. */
export function extreme(x: usize, n: i32, largest: bool): f32 {
  return largest ? extremeOf(x, n, true) : extremeOf(x, n, false);
}

@inline
function extremeOf(x: usize, n: i32, largest: bool): f32 {
  let m0 = f32x4.splat(largest ? -Infinity : Infinity), m1 = m0, m2 = m0, m3 = m0;
  let n0 = f32x4.splat(0), n1 = n0, n2 = n0, n3 = n0;
  const end = x + bytes(n), parts = scratch;
  for (; x + 64 <= end; x += 64) {
    const v0 = v128.load(x), v1 = v128.load(x, 16), v2 = v128.load(x, 32), v3 = v128.load(x, 48);
    m0 = further(m0, v0, largest);
    m1 = further(m1, v1, largest);
    m2 = further(m2, v2, largest);
    m3 = further(m3, v3, largest);
    n0 = orNaN(n0, v0);
    n1 = orNaN(n1, v1);
    n2 = orNaN(n2, v2);
    n3 = orNaN(n3, v3);
  }
  v128.store(parts, m0);
  v128.store(parts, m1, 16);
  v128.store(parts, m2, 32);
  v128.store(parts, m3, 48);
  v128.store(parts, n0, 64);
  v128.store(parts, n1, 80);
  v128.store(parts, n2, 96);
  v128.store(parts, n3, 112);
  let p = further(further(v128.load(parts), v128.load(parts, 16), largest), further(v128.load(parts, 32), v128.load(parts, 48), largest), largest);
  let bad = v128.or(v128.or(v128.load(parts, 64), v128.load(parts, 80)), v128.or(v128.load(parts, 96), v128.load(parts, 112)));
  for (; x + 16 <= end; x += 16) {
    const v = v128.load(x);
    p = further(p, v, largest);
    bad = orNaN(bad, v);
  }
  let best = better(better(f32x4.extract_lane(p, 0), f32x4.extract_lane(p, 1), largest), better(f32x4.extract_lane(p, 2), f32x4.extract_lane(p, 3), largest), largest);
  for (; x < end; x += 4) {
    bad = orNaN(bad, v128.load32_splat(x));
    best = better(best, load<f32>(x), largest);
  }
  return v128.any_true(bad) ? <f32>NaN : best;
}

@inline
function better(best: f32, v: f32, largest: bool): f32 {
  return (largest ? v > best : v < best) ? v : best;
}

/** y[j] = the largest (smallest) of column j: 16 columns at a time, so that memory is read in order. */
export function extremeRows(x: usize, y: usize, rows: i32, ld: usize, j0: i32, j1: i32, largest: bool): void {
  let j = j0;
  for (; j + 16 <= j1; j += 16) {
    if (largest) extremeStrip(x + bytes(j), y + bytes(j), rows, ld, true);
    else extremeStrip(x + bytes(j), y + bytes(j), rows, ld, false);
  }
  for (; j < j1; j++) {
    let p = x + bytes(j), m: f32 = largest ? -Infinity : Infinity;
    for (let i = 0; i < rows; i++) {
      const v = load<f32>(p);
      m = largest ? max<f32>(m, v) : min<f32>(m, v);
      p += ld;
    }
    store<f32>(y + bytes(j), m);
  }
}

@inline
function extremeStrip(x: usize, y: usize, rows: i32, ld: usize, largest: bool): void {
  let m0 = f32x4.splat(largest ? -Infinity : Infinity), m1 = m0, m2 = m0, m3 = m0;
  let n0 = f32x4.splat(0), n1 = n0, n2 = n0, n3 = n0;
  for (let i = 0; i < rows; i++) {
    const v0 = v128.load(x), v1 = v128.load(x, 16), v2 = v128.load(x, 32), v3 = v128.load(x, 48);
    m0 = further(m0, v0, largest);
    m1 = further(m1, v1, largest);
    m2 = further(m2, v2, largest);
    m3 = further(m3, v3, largest);
    n0 = orNaN(n0, v0);
    n1 = orNaN(n1, v1);
    n2 = orNaN(n2, v2);
    n3 = orNaN(n3, v3);
    x += ld;
  }
  // All bits set is a NaN.
  const r0 = v128.or(m0, n0), r1 = v128.or(m1, n1), r2 = v128.or(m2, n2), r3 = v128.or(m3, n3);
  v128.store(y, r0);
  v128.store(y, r1, 16);
  v128.store(y, r2, 32);
  v128.store(y, r3, 48);
}

// ---- where

/** Index of the first largest (smallest) element; the first NaN wins over all numbers. */
export function argReduceChunk(chunk: i32): void {
  const t = changetype<ReduceTask>(ARGUMENTS), axis = t.axis, ld = bytes(t.inner), largest = t.op == Op.REDUCE_ARGMAX;
  const j0 = (chunk % t.innerChunks) * t.innerPerChunk, j1 = min(t.inner, j0 + t.innerPerChunk);
  const o0 = (chunk / t.innerChunks) * t.outerPerChunk, o1 = min(t.outer, o0 + t.outerPerChunk);
  for (let o = o0; o < o1; o++) {
    const x = t.x + (o as usize) * (axis as usize) * ld, y = t.y + bytes(o * t.inner);
    if (t.inner == 1) {
      store<i32>(y, placeOf(x, axis, extreme(x, axis, largest)));
      continue;
    }
    let j = j0;
    for (; j + 4 <= j1; j += 4) {
      if (largest) placesInColumns(x + bytes(j), y + bytes(j), axis, ld, true);
      else placesInColumns(x + bytes(j), y + bytes(j), axis, ld, false);
    }
    for (; j < j1; j++) store<i32>(y + bytes(j), placeInColumn(x + bytes(j), axis, ld, largest));
  }
}

// Index of the first of n numbers that is equal to v, or NaN like it.
function placeOf(x: usize, n: i32, v: f32): i32 {
  const wanted = f32x4.splat(v), isNumber = v == v;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const four = v128.load(x + bytes(i));
    const found = i32x4.bitmask(isNumber ? f32x4.eq(four, wanted) : f32x4.ne(four, four));
    if (found) return i + ctz(found);
  }
  for (; i < n; i++) {
    const one = load<f32>(x + bytes(i));
    if (isNumber ? one == v : one != one) return i;
  }
  return 0;
}

@inline
function placesInColumns(x: usize, y: usize, rows: i32, ld: usize, largest: bool): void {
  let best = f32x4.splat(largest ? -Infinity : Infinity), places = i32x4.splat(0);
  for (let i = 0; i < rows; i++) {
    const v = v128.load(x);
    const firstNaN = v128.andnot(f32x4.ne(v, v), f32x4.ne(best, best));
    const takes = v128.or(largest ? f32x4.gt(v, best) : f32x4.lt(v, best), firstNaN);
    best = v128.bitselect(v, best, takes);
    places = v128.bitselect(i32x4.splat(i), places, takes);
    x += ld;
  }
  v128.store(y, places);
}

function placeInColumn(x: usize, rows: i32, ld: usize, largest: bool): i32 {
  let best: f32 = largest ? -Infinity : Infinity, index = 0;
  for (let i = 0; i < rows; i++) {
    const v = load<f32>(x);
    if (largest ? v > best : v < best) {
      best = v;
      index = i;
    } else if (v != v) return i;
    x += ld;
  }
  return index;
}
