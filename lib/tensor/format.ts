// Tensors as text: aligned columns like NumPy's, few decimals, abbreviated when there are many elements.
import type { Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** More elements than this are abbreviated. */
const ABBREVIATE_ABOVE = 1000;
/** So many elements stay at each end of an abbreviated axis. */
const EDGE = 3;
const DECIMALS = 4;

/** The text of a tensor: `tensor([[1, 2],\n        [3, 4]])`. Says the dtype unless it is float32. */
export function formatTensor(tensor: Tensor): string {
  const { shape, size, dtype } = tensor;
  const suffix = dtype === "float32" ? ")" : `, ${dtype})`;
  if (size === 0 && shape.length !== 1) return `tensor([], shape [${shape.join(", ")}]${suffix}`;
  const abbreviated = size > ABBREVIATE_ABOVE;
  const shown: number[] = [];
  visible(shape, 0, 0, abbreviated, (index) => shown.push(index));
  const data = tensor.view();
  const numbers = shown.map((index) => data[index]!);
  const texts = dtype === "bool" ? numbers.map((v) => (v ? "true" : "false")) : formatNumbers(numbers);
  const width = texts.reduce((widest, text) => Math.max(widest, text.length), 0);
  let next = 0;
  const cell = (): string => texts[next++]!.padStart(width);
  return `tensor(${layOut(shape, 0, abbreviated, "tensor(".length, cell)}${suffix}`;
}

/** Calls `visit` with the index of every element that is shown, in order. */
function visible(
  shape: Shape,
  axis: number,
  start: number,
  abbreviated: boolean,
  visit: (index: number) => void,
): void {
  if (axis === shape.length) {
    visit(start);
    return;
  }
  let step = 1;
  for (let i = axis + 1; i < shape.length; i++) step *= shape[i]!;
  for (const i of positions(shape[axis]!, abbreviated)) {
    if (i >= 0) visible(shape, axis + 1, start + i * step, abbreviated, visit);
  }
}

/** The positions shown along an axis; −1 stands for "…". */
function positions(length: number, abbreviated: boolean): number[] {
  const all = Array.from({ length: abbreviated ? Math.min(length, 2 * EDGE) : length }, (_, i) => i);
  if (!abbreviated || length <= 2 * EDGE) return all;
  return all.flatMap((i) => (i < EDGE ? [i] : i === EDGE ? [-1, length - EDGE] : [length - 2 * EDGE + i]));
}

function layOut(
  shape: Shape,
  axis: number,
  abbreviated: boolean,
  indent: number,
  cell: () => string,
): string {
  if (axis === shape.length) return cell();
  const last = axis === shape.length - 1;
  const parts = positions(shape[axis]!, abbreviated).map((i) =>
    i < 0 ? "…" : layOut(shape, axis + 1, abbreviated, indent + 1, cell),
  );
  if (last) return `[${wrap(parts, indent + 1)}]`;
  const blankLines = "\n".repeat(shape.length - axis - 1);
  return `[${parts.join(`,${blankLines}${" ".repeat(indent + 1)}`)}]`;
}

/** Joins the numbers of a row, breaking lines that would grow longer than 100 characters. */
function wrap(parts: readonly string[], indent: number): string {
  let text = "";
  let column = indent;
  parts.forEach((part, i) => {
    if (i > 0 && column + part.length + 2 > 100) {
      text += `,\n${" ".repeat(indent)}`;
      column = indent;
    } else if (i > 0) {
      text += ", ";
      column += 2;
    }
    text += part;
    column += part.length;
  });
  return text;
}

/** Numbers with one common count of decimals, or all in scientific notation when they are very large or very small. */
function formatNumbers(numbers: readonly number[]): string[] {
  let largest = 0;
  for (const v of numbers) if (Number.isFinite(v)) largest = Math.max(largest, Math.abs(v));
  const whole = numbers.every((v) => !Number.isFinite(v) || Number.isInteger(v));
  const scientific = largest >= (whole ? 1e16 : 1e8) || (largest > 0 && largest < 1e-4);
  const write = (decimals: number) => (v: number) =>
    Number.isFinite(v)
      ? scientific
        ? v.toExponential(decimals)
        : withoutMinusZero(v.toFixed(decimals))
      : formatSpecial(v);
  const full = numbers.map(write(DECIMALS));
  const needed = Math.max(0, ...full.map(significantDecimals));
  return needed === DECIMALS ? full : numbers.map(write(needed));
}

function significantDecimals(text: string): number {
  const decimals = /\.(\d+)/.exec(text)?.[1] ?? "";
  return decimals.replace(/0+$/, "").length;
}

function withoutMinusZero(text: string): string {
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}

function formatSpecial(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
