// The plain core: matrix products of float64. Signatures and meaning are those of Core (../core.ts).
import type { Flag, Pointer } from "../core.ts";
import { float64 } from "./memory.ts";

export function gemm(
  transA: Flag,
  transB: Flag,
  a: Pointer,
  lda: number,
  b: Pointer,
  ldb: number,
  c: Pointer,
  ldc: number,
  m: number,
  n: number,
  k: number,
  accumulate: Flag,
  bias: Pointer,
  relu: Flag,
): void {
  if (m === 0 || n === 0) return;
  const p = float64(a, stored(transA ? k : m, transA ? m : k, lda));
  const q = float64(b, stored(transB ? n : k, transB ? k : n, ldb));
  const target = float64(c, stored(m, n, ldc));
  const added = bias === 0 ? null : float64(bias, n);
  const row = new Float64Array(n);
  const [stepRow, stepDepth] = transA ? [1, lda] : [lda, 1];
  for (let i = 0; i < m; i++) {
    row.fill(0);
    for (let l = 0; l < k; l++) {
      const factor = p[i * stepRow + l * stepDepth]!;
      if (transB) for (let j = 0; j < n; j++) row[j]! += factor * q[j * ldb + l]!;
      else for (let j = 0; j < n; j++) row[j]! += factor * q[l * ldb + j]!;
    }
    for (let j = 0; j < n; j++) {
      let value = row[j]!;
      if (accumulate) value += target[i * ldc + j]!;
      if (added !== null) value += added[j]!;
      target[i * ldc + j] = relu ? Math.max(value, 0) : value;
    }
  }
}

/** How many elements a stored matrix spans. */
function stored(rows: number, columns: number, leading: number): number {
  return rows === 0 || columns === 0 ? 0 : (rows - 1) * leading + columns;
}

export function reluMaskAndBiasGradient(
  dy: Pointer,
  y: Pointer,
  dBias: Pointer,
  rows: number,
  columns: number,
  hasRelu: Flag,
): void {
  const gradient = float64(dy, rows * columns);
  if (hasRelu) {
    const output = float64(y, rows * columns);
    for (let i = 0; i < rows * columns; i++) if (!(output[i]! > 0)) gradient[i] = 0;
  }
  if (dBias === 0) return;
  const sums = float64(dBias, columns).fill(0);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) sums[j]! += gradient[i * columns + j]!;
  }
}
