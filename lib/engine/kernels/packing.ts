// The factors of a product laid out step by step as the microkernels read them: the right one in panels of 16 columns, the left one
// in tiles of rows.
import { bytes } from "./control";
import { tileRows } from "./microkernels";

/** panel[k][16] = b[k, 0 … columns), missing columns as zeros. b and its leading dimension in bytes. */
export function packPanel(b: usize, ldb: usize, depth: i32, columns: i32, panel: usize): void {
  if (columns == 16) {
    for (let k = 0; k < depth; k++) {
      const v0 = v128.load(b), v1 = v128.load(b, 16), v2 = v128.load(b, 32), v3 = v128.load(b, 48);
      v128.store(panel, v0);
      v128.store(panel, v1, 16);
      v128.store(panel, v2, 32);
      v128.store(panel, v3, 48);
      panel += 64;
      b += ldb;
    }
    return;
  }
  const end = bytes(columns);
  for (let k = 0; k < depth; k++) {
    let x: usize = 0;
    for (; x < end; x += 4) store<f32>(panel + x, load<f32>(b + x));
    for (; x < 64; x += 4) store<f32>(panel + x, 0);
    panel += 64;
    b += ldb;
  }
}

/** panel[k][16] = b[0 … columns, k]: the same from a matrix stored transposed. */
export function packTransposedPanel(b: usize, ldb: usize, depth: i32, columns: i32, panel: usize): void {
  for (let column = 0; column < 16; column += 4) {
    const target = panel + bytes(column);
    if (column + 4 <= columns) packFourColumns(b + (column as usize) * ldb, ldb, depth, target);
    else {
      for (let lane = 0; lane < 4; lane++) {
        let p = target + bytes(lane), q = b + ((column + lane) as usize) * ldb;
        const missing = column + lane >= columns;
        for (let k = 0; k < depth; k++) {
          store<f32>(p, missing ? 0 : load<f32>(q));
          p += 64;
          q += 4;
        }
      }
    }
  }
}

// Four rows of b become four columns of the panel, by 4×4 transposition in registers.
function packFourColumns(b: usize, ldb: usize, depth: i32, p: usize): void {
  let b0 = b, b1 = b0 + ldb, b2 = b1 + ldb, b3 = b2 + ldb;
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    const r0 = v128.load(b0), r1 = v128.load(b1), r2 = v128.load(b2), r3 = v128.load(b3);
    const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(p, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
    v128.store(p, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7), 64);
    v128.store(p, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5), 128);
    v128.store(p, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7), 192);
    p += 256;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  for (; k < depth; k++) {
    store<f32>(p, load<f32>(b0));
    store<f32>(p, load<f32>(b1), 4);
    store<f32>(p, load<f32>(b2), 8);
    store<f32>(p, load<f32>(b3), 12);
    p += 64;
    b0 += 4;
    b1 += 4;
    b2 += 4;
    b3 += 4;
  }
}

// Steps of k that are packed for one tile before the next tile's turn: a few rows of the stored a are read side by side, rather
// than one tile's column of all of them, which would take a cache line a step.
const PACK_STEPS = 16;

/** Rows of op(a) as the tiles will read them: for each tile [depth][rows of the tile]. */
export function packRows(a: usize, rowStep: usize, depthStep: usize, rowStart: i32, rowEnd: i32, depth: i32, target: usize): void {
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
