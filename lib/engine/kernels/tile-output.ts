// What happens to tiles on their way out: the right edge of a matrix, a bias, a relu.
import { bytes } from "./control";

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
