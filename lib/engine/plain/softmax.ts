// The plain core: softmax and losses of float64. Signatures and meaning are those of Core (../core.ts).
import type { Flag, Pointer } from "../core.ts";
import { float64, int32 } from "./memory.ts";

/** Writes the log-softmax of a row that begins at `start`. */
function logSoftmaxRow(x: Float64Array, y: Float64Array, start: number, columns: number): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < columns; j++) largest = Math.max(largest, x[start + j]!);
  let total = 0;
  for (let j = 0; j < columns; j++) total += Math.exp(x[start + j]! - largest);
  const logTotal = Math.log(total);
  for (let j = 0; j < columns; j++) y[start + j] = x[start + j]! - largest - logTotal;
}

export function softmax(x: Pointer, y: Pointer, rows: number, columns: number, log: Flag): void {
  const source = float64(x, rows * columns);
  const target = float64(y, rows * columns);
  for (let i = 0; i < rows; i++) logSoftmaxRow(source, target, i * columns, columns);
  if (!log) for (let i = 0; i < target.length; i++) target[i] = Math.exp(target[i]!);
}

export function softmaxGradient(
  dy: Pointer,
  y: Pointer,
  dx: Pointer,
  rows: number,
  columns: number,
  log: Flag,
): void {
  const gradient = float64(dy, rows * columns);
  const output = float64(y, rows * columns);
  const target = float64(dx, rows * columns);
  for (let i = 0; i < rows; i++) {
    const start = i * columns;
    let total = 0;
    for (let j = start; j < start + columns; j++) total += gradient[j]! * (log ? 1 : output[j]!);
    for (let j = start; j < start + columns; j++) {
      target[j] = log ? gradient[j]! - Math.exp(output[j]!) * total : output[j]! * (gradient[j]! - total);
    }
  }
}

export function softmaxCrossEntropy(
  logits: Pointer,
  labels: Pointer,
  gradient: Pointer,
  losses: Pointer,
  rows: number,
  classes: number,
): number {
  const chosen = int32(labels, rows);
  return crossEntropy(logits, gradient, losses, rows, classes, (i, j) => (chosen[i] === j ? 1 : 0));
}

export function softmaxCrossEntropyDense(
  logits: Pointer,
  targets: Pointer,
  gradient: Pointer,
  losses: Pointer,
  rows: number,
  classes: number,
): number {
  const wanted = float64(targets, rows * classes);
  return crossEntropy(logits, gradient, losses, rows, classes, (i, j) => wanted[i * classes + j]!);
}

function crossEntropy(
  logits: Pointer,
  gradient: Pointer,
  losses: Pointer,
  rows: number,
  classes: number,
  target: (row: number, column: number) => number,
): number {
  const source = float64(logits, rows * classes);
  const logarithms = new Float64Array(rows * classes);
  const slopes = gradient === 0 ? null : float64(gradient, rows * classes);
  const each = losses === 0 ? null : float64(losses, rows);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    logSoftmaxRow(source, logarithms, i * classes, classes);
    let loss = 0;
    let weight = 0;
    for (let j = 0; j < classes; j++) {
      const wanted = target(i, j);
      weight += wanted;
      if (wanted !== 0) loss -= wanted * logarithms[i * classes + j]!;
    }
    for (let j = 0; slopes !== null && j < classes; j++) {
      slopes[i * classes + j] = (Math.exp(logarithms[i * classes + j]!) * weight - target(i, j)) / rows;
    }
    if (each !== null) each[i] = loss;
    total += loss;
  }
  return total / rows;
}

export function meanSquaredError(x: Pointer, target: Pointer, gradient: Pointer, n: number): number {
  const found = float64(x, n);
  const wanted = float64(target, n);
  const slopes = gradient === 0 ? null : float64(gradient, n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const distance = found[i]! - wanted[i]!;
    total += distance * distance;
    if (slopes !== null) slopes[i] = (2 * distance) / n;
  }
  return total / n;
}
