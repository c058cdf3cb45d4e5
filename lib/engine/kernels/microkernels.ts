// The inner loop of every matrix product and convolution: a tile of 1–6 rows by 16 (or 8) columns held in registers.
//
// For each of `segments` stretches of `run` steps: tile[r][j] += row_r[step] · panel[step][j]. Row pointers move `step`
// bytes a step and `segment` bytes a stretch, the panel `panelStride` bytes a step throughout. One body serves all sizes:
// `rows` and `wide` are constants at each call, and what they rule out falls away in compilation.
//
// V8's 256-bit pass joins two neighbouring 128-bit operations when their results are stored side by side with nothing
// between: so all is computed before the stores, and stores come in pairs (0, 16), (32, 48). The pass aborts the process
// on such a pair of results of function calls: everything on the way to a pair of stores is therefore @inline.
import { isWide } from "./pool";

@inline
function madd(x: v128, y: v128, sum: v128): v128 {
  return f32x4.relaxed_madd(x, y, sum);
}

@inline
function storeRow(c: usize, s0: v128, s1: v128, s2: v128, s3: v128, wide: bool, accumulate: i32): void {
  if (accumulate) {
    s0 = f32x4.add(v128.load(c), s0);
    s1 = f32x4.add(v128.load(c, 16), s1);
    if (wide) {
      s2 = f32x4.add(v128.load(c, 32), s2);
      s3 = f32x4.add(v128.load(c, 48), s3);
    }
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
  if (wide) {
    v128.store(c, s2, 32);
    v128.store(c, s3, 48);
  }
}

@inline
function tile(
  rows: i32, wide: bool, segments: i32, run: usize, segment: usize, step: usize,
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize,
  panel: usize, panelStride: usize, c: usize, ldc: usize, accumulate: i32,
): void {
  const zero = f32x4.splat(0);
  let s00 = zero, s01 = zero, s02 = zero, s03 = zero;
  let s10 = zero, s11 = zero, s12 = zero, s13 = zero;
  let s20 = zero, s21 = zero, s22 = zero, s23 = zero;
  let s30 = zero, s31 = zero, s32 = zero, s33 = zero;
  let s40 = zero, s41 = zero, s42 = zero, s43 = zero;
  let s50 = zero, s51 = zero, s52 = zero, s53 = zero;
  const end = run * step;
  do {
    let k: usize = 0;
    do {
      const b0 = v128.load(panel), b1 = v128.load(panel, 16);
      const b2 = wide ? v128.load(panel, 32) : zero, b3 = wide ? v128.load(panel, 48) : zero;
      const x0 = v128.load32_splat(a0 + k);
      s00 = madd(x0, b0, s00); s01 = madd(x0, b1, s01);
      if (wide) { s02 = madd(x0, b2, s02); s03 = madd(x0, b3, s03); }
      if (rows > 1) {
        const x1 = v128.load32_splat(a1 + k);
        s10 = madd(x1, b0, s10); s11 = madd(x1, b1, s11);
        if (wide) { s12 = madd(x1, b2, s12); s13 = madd(x1, b3, s13); }
      }
      if (rows > 2) {
        const x2 = v128.load32_splat(a2 + k);
        s20 = madd(x2, b0, s20); s21 = madd(x2, b1, s21);
        if (wide) { s22 = madd(x2, b2, s22); s23 = madd(x2, b3, s23); }
      }
      if (rows > 3) {
        const x3 = v128.load32_splat(a3 + k);
        s30 = madd(x3, b0, s30); s31 = madd(x3, b1, s31);
        if (wide) { s32 = madd(x3, b2, s32); s33 = madd(x3, b3, s33); }
      }
      if (rows > 4) {
        const x4 = v128.load32_splat(a4 + k);
        s40 = madd(x4, b0, s40); s41 = madd(x4, b1, s41);
        if (wide) { s42 = madd(x4, b2, s42); s43 = madd(x4, b3, s43); }
      }
      if (rows > 5) {
        const x5 = v128.load32_splat(a5 + k);
        s50 = madd(x5, b0, s50); s51 = madd(x5, b1, s51);
        if (wide) { s52 = madd(x5, b2, s52); s53 = madd(x5, b3, s53); }
      }
      panel += panelStride;
      k += step;
    } while (k != end);
    a0 += segment;
    if (rows > 1) a1 += segment;
    if (rows > 2) a2 += segment;
    if (rows > 3) a3 += segment;
    if (rows > 4) a4 += segment;
    if (rows > 5) a5 += segment;
  } while (--segments);
  storeRow(c, s00, s01, s02, s03, wide, accumulate);
  if (rows > 1) storeRow(c + ldc, s10, s11, s12, s13, wide, accumulate);
  if (rows > 2) storeRow(c + 2 * ldc, s20, s21, s22, s23, wide, accumulate);
  if (rows > 3) storeRow(c + 3 * ldc, s30, s31, s32, s33, wide, accumulate);
  if (rows > 4) storeRow(c + 4 * ldc, s40, s41, s42, s43, wide, accumulate);
  if (rows > 5) storeRow(c + 5 * ldc, s50, s51, s52, s53, wide, accumulate);
}

/**
 * A tile of 6 × 16 whose rows lie `rowStep` bytes apart: one address walks down the rows and back to the next step. V8 reads memory
 * at an address and nothing more, so every row's own address would be an instruction and most of a register.
 */
@inline
function evenTile(
  segments: i32, run: usize, segment: usize, step: usize, a: usize, rowStep: usize,
  panel: usize, panelStride: usize, c: usize, ldc: usize, accumulate: i32,
): void {
  const zero = f32x4.splat(0), back = step - 5 * rowStep, onward = segment - run * step;
  let s00 = zero, s01 = zero, s02 = zero, s03 = zero;
  let s10 = zero, s11 = zero, s12 = zero, s13 = zero;
  let s20 = zero, s21 = zero, s22 = zero, s23 = zero;
  let s30 = zero, s31 = zero, s32 = zero, s33 = zero;
  let s40 = zero, s41 = zero, s42 = zero, s43 = zero;
  let s50 = zero, s51 = zero, s52 = zero, s53 = zero;
  do {
    const end = panel + run * panelStride;
    do {
      const b0 = v128.load(panel), b1 = v128.load(panel, 16), b2 = v128.load(panel, 32), b3 = v128.load(panel, 48);
      const x0 = v128.load32_splat(a);
      s00 = madd(x0, b0, s00); s01 = madd(x0, b1, s01); s02 = madd(x0, b2, s02); s03 = madd(x0, b3, s03);
      a += rowStep;
      const x1 = v128.load32_splat(a);
      s10 = madd(x1, b0, s10); s11 = madd(x1, b1, s11); s12 = madd(x1, b2, s12); s13 = madd(x1, b3, s13);
      a += rowStep;
      const x2 = v128.load32_splat(a);
      s20 = madd(x2, b0, s20); s21 = madd(x2, b1, s21); s22 = madd(x2, b2, s22); s23 = madd(x2, b3, s23);
      a += rowStep;
      const x3 = v128.load32_splat(a);
      s30 = madd(x3, b0, s30); s31 = madd(x3, b1, s31); s32 = madd(x3, b2, s32); s33 = madd(x3, b3, s33);
      a += rowStep;
      const x4 = v128.load32_splat(a);
      s40 = madd(x4, b0, s40); s41 = madd(x4, b1, s41); s42 = madd(x4, b2, s42); s43 = madd(x4, b3, s43);
      a += rowStep;
      const x5 = v128.load32_splat(a);
      s50 = madd(x5, b0, s50); s51 = madd(x5, b1, s51); s52 = madd(x5, b2, s52); s53 = madd(x5, b3, s53);
      a += back;
      panel += panelStride;
    } while (panel != end);
    a += onward;
  } while (--segments);
  storeRow(c, s00, s01, s02, s03, true, accumulate);
  storeRow(c + ldc, s10, s11, s12, s13, true, accumulate);
  storeRow(c + 2 * ldc, s20, s21, s22, s23, true, accumulate);
  storeRow(c + 3 * ldc, s30, s31, s32, s33, true, accumulate);
  storeRow(c + 4 * ldc, s40, s41, s42, s43, true, accumulate);
  storeRow(c + 5 * ldc, s50, s51, s52, s53, true, accumulate);
}

function wide1(n: i32, run: usize, seg: usize, step: usize, a0: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(1, true, n, run, seg, step, a0, a0, a0, a0, a0, a0, p, ps, c, ldc, acc);
}
function wide2(n: i32, run: usize, seg: usize, step: usize, a0: usize, a1: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(2, true, n, run, seg, step, a0, a1, a0, a0, a0, a0, p, ps, c, ldc, acc);
}
function wide3(n: i32, run: usize, seg: usize, step: usize, a0: usize, a1: usize, a2: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(3, true, n, run, seg, step, a0, a1, a2, a0, a0, a0, p, ps, c, ldc, acc);
}
function wide4(n: i32, run: usize, seg: usize, step: usize, a0: usize, a1: usize, a2: usize, a3: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(4, true, n, run, seg, step, a0, a1, a2, a3, a0, a0, p, ps, c, ldc, acc);
}
function wide5(n: i32, run: usize, seg: usize, step: usize, a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(5, true, n, run, seg, step, a0, a1, a2, a3, a4, a0, p, ps, c, ldc, acc);
}
function wide6(n: i32, run: usize, seg: usize, step: usize, a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(6, true, n, run, seg, step, a0, a1, a2, a3, a4, a5, p, ps, c, ldc, acc);
}
function narrow1(n: i32, run: usize, seg: usize, step: usize, a0: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(1, false, n, run, seg, step, a0, a0, a0, a0, a0, a0, p, ps, c, ldc, acc);
}
function narrow2(n: i32, run: usize, seg: usize, step: usize, a0: usize, a1: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(2, false, n, run, seg, step, a0, a1, a0, a0, a0, a0, p, ps, c, ldc, acc);
}
function narrow3(n: i32, run: usize, seg: usize, step: usize, a0: usize, a1: usize, a2: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(3, false, n, run, seg, step, a0, a1, a2, a0, a0, a0, p, ps, c, ldc, acc);
}
function narrow4(n: i32, run: usize, seg: usize, step: usize, a0: usize, a1: usize, a2: usize, a3: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(4, false, n, run, seg, step, a0, a1, a2, a3, a0, a0, p, ps, c, ldc, acc);
}
function narrow5(n: i32, run: usize, seg: usize, step: usize, a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(5, false, n, run, seg, step, a0, a1, a2, a3, a4, a0, p, ps, c, ldc, acc);
}
function narrow6(n: i32, run: usize, seg: usize, step: usize, a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, p: usize, ps: usize, c: usize, ldc: usize, acc: i32): void {
  tile(6, false, n, run, seg, step, a0, a1, a2, a3, a4, a5, p, ps, c, ldc, acc);
}

/** One tile of `rows` × 16 into c; rows given by their pointers. */
export function multiplyTile(
  rows: i32, segments: i32, run: usize, segment: usize, step: usize,
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize,
  panel: usize, panelStride: usize, c: usize, ldc: usize, accumulate: i32,
): void {
  if (isWide()) {
    switch (rows) {
      case 6: wide6(segments, run, segment, step, a0, a1, a2, a3, a4, a5, panel, panelStride, c, ldc, accumulate); return;
      case 5: wide5(segments, run, segment, step, a0, a1, a2, a3, a4, panel, panelStride, c, ldc, accumulate); return;
      case 4: wide4(segments, run, segment, step, a0, a1, a2, a3, panel, panelStride, c, ldc, accumulate); return;
      case 3: wide3(segments, run, segment, step, a0, a1, a2, panel, panelStride, c, ldc, accumulate); return;
      case 2: wide2(segments, run, segment, step, a0, a1, panel, panelStride, c, ldc, accumulate); return;
      default: wide1(segments, run, segment, step, a0, panel, panelStride, c, ldc, accumulate);
    }
  } else {
    for (let half: usize = 0; half < 64; half += 32) {
      const p = panel + half, d = c + half;
      switch (rows) {
        case 6: narrow6(segments, run, segment, step, a0, a1, a2, a3, a4, a5, p, panelStride, d, ldc, accumulate); break;
        case 5: narrow5(segments, run, segment, step, a0, a1, a2, a3, a4, p, panelStride, d, ldc, accumulate); break;
        case 4: narrow4(segments, run, segment, step, a0, a1, a2, a3, p, panelStride, d, ldc, accumulate); break;
        case 3: narrow3(segments, run, segment, step, a0, a1, a2, p, panelStride, d, ldc, accumulate); break;
        case 2: narrow2(segments, run, segment, step, a0, a1, p, panelStride, d, ldc, accumulate); break;
        default: narrow1(segments, run, segment, step, a0, p, panelStride, d, ldc, accumulate);
      }
    }
  }
}

/** Rows of the next tile when `left` remain: 7 and 8 are split in 4 + rest rather than 6 + 1 or 6 + 2. */
@inline
export function tileRows(left: i32): i32 {
  return left >= 6 ? (left == 7 || left == 8 ? 4 : 6) : left;
}

/**
 * Tiles of six rows at equal distances: `tileStep` bytes apart in a and `targetStep` in c. One loop, for a call and the choice of
 * a size cost as much as ten steps.
 */
export function multiplySixes(
  tiles: i32, segments: i32, run: usize, segment: usize, step: usize, a: usize, rowStep: usize, tileStep: usize,
  panel: usize, panelStride: usize, c: usize, ldc: usize, targetStep: usize, accumulate: i32,
): void {
  const wide = isWide();
  while (tiles > 0) {
    if (wide) evenTile(segments, run, segment, step, a, rowStep, panel, panelStride, c, ldc, accumulate);
    else {
      const a1 = a + rowStep, a2 = a1 + rowStep, a3 = a2 + rowStep, a4 = a3 + rowStep, a5 = a4 + rowStep;
      multiplyTile(6, segments, run, segment, step, a, a1, a2, a3, a4, a5, panel, panelStride, c, ldc, accumulate);
    }
    a += tileStep;
    c += targetStep;
    tiles--;
  }
}

/** Tiles of six rows whose addresses are listed, one below the other in c. */
export function multiplyListedSixes(
  tiles: i32, segments: i32, run: usize, segment: usize, addresses: usize, offset: usize, panel: usize, c: usize, ldc: usize, accumulate: i32,
): void {
  const wide = isWide();
  while (tiles > 0) {
    const a0 = load<u32>(addresses) + offset, a1 = load<u32>(addresses, 4) + offset, a2 = load<u32>(addresses, 8) + offset;
    const a3 = load<u32>(addresses, 12) + offset, a4 = load<u32>(addresses, 16) + offset, a5 = load<u32>(addresses, 20) + offset;
    if (wide) tile(6, true, segments, run, segment, 4, a0, a1, a2, a3, a4, a5, panel, 64, c, ldc, accumulate);
    else multiplyTile(6, segments, run, segment, 4, a0, a1, a2, a3, a4, a5, panel, 64, c, ldc, accumulate);
    addresses += 24;
    c += 6 * ldc;
    tiles--;
  }
}

/**
 * All rows of a product with one panel, tile below tile. `packed`: bytes of a row of a where it lies as packRows leaves it, else 0,
 * and rows lie `rowStep` apart.
 */
export function multiplyStrip(
  rows: i32, segments: i32, run: usize, segment: usize, a: usize, rowStep: usize, step: usize, packed: usize,
  panel: usize, panelStride: usize, c: usize, ldc: usize, accumulate: i32,
): void {
  const advance = packed ? packed : rowStep, sixes = leadingSixes(rows);
  if (packed) rowStep = 4;
  multiplySixes(sixes, segments, run, segment, packed ? 24 : step, a, rowStep, 6 * advance, panel, panelStride, c, ldc, 6 * ldc, accumulate);
  for (let i = 6 * sixes; i < rows;) {
    const count = tileRows(rows - i), x = a + (i as usize) * advance, x1 = x + rowStep, x2 = x1 + rowStep;
    const x3 = x2 + rowStep, x4 = x3 + rowStep, x5 = x4 + rowStep, size = packed ? (count as usize) << 2 : step;
    multiplyTile(count, segments, run, segment, size, x, x1, x2, x3, x4, x5, panel, panelStride, c + (i as usize) * ldc, ldc, accumulate);
    i += count;
  }
}

/** How many tiles of six rows tileRows begins with. */
@inline
export function leadingSixes(rows: i32): i32 {
  const rest = rows % 6;
  return rows / 6 - (rows > 6 && (rest == 1 || rest == 2) ? 1 : 0);
}
