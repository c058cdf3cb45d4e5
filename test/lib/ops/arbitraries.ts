// What properties of operations are tried with: random shapes, axes and whole numbers, and positions for plain loops.
import fc from "fast-check";
import { expect } from "vitest";
import { type DType, type Tensor, tensor } from "../../../lib/index.ts";

/** Tries a property with the same cases on every run; what fails is shrunk to the smallest case that still does. */
export function always<Case>(property: fc.IProperty<Case>, runs = 100, seed = 1): void {
  fc.assert(property, { seed, numRuns: runs });
}

/** Sizes of axes; the first ones are what a failing case shrinks to. */
const sizes = fc.constantFrom(1, 2, 3, 0, 5);

/** Shapes of so many axes, no larger than what a plain loop can do. */
export function shapes(options: { least?: number; most?: number } = {}): fc.Arbitrary<number[]> {
  return fc
    .array(sizes, { minLength: options.least ?? 0, maxLength: options.most ?? 6, size: "max" })
    .filter((shape) => sizeOf(shape) <= 1000);
}

/** So many shapes that broadcast together. */
export function broadcasting(count: number, most = 4): fc.Arbitrary<number[][]> {
  const operand = fc.record({
    cut: fc.nat(most),
    stretched: fc.array(fc.boolean(), { minLength: most, maxLength: most }),
  });
  return fc
    .tuple(shapes({ most }), fc.array(operand, { minLength: count, maxLength: count }))
    .map(([shape, operands]) =>
      operands.map(({ cut, stretched }) =>
        shape.slice(Math.min(cut, shape.length)).map((size, i) => (stretched[i] ? 1 : size)),
      ),
    );
}

/** A shape with at least one axis, and one of its axes, counted from either end. */
export function shapesWithAxis(): fc.Arbitrary<{ shape: number[]; axis: number; place: number }> {
  return fc.tuple(shapes({ least: 1 }), fc.nat(5), fc.boolean()).map(([shape, n, fromEnd]) => {
    const place = n % shape.length;
    return { shape, place, axis: fromEnd ? place - shape.length : place };
  });
}

export const dtypes: fc.Arbitrary<DType> = fc.constantFrom("float32", "float64", "int32");
export const floating: fc.Arbitrary<"float32" | "float64"> = fc.constantFrom("float32", "float64");

/** Whole numbers from −9 to 9, which every type holds exactly, sums and products of some of them too. */
export function whole(shape: readonly number[], salt: number): number[] {
  return Array.from({ length: sizeOf(shape) }, (_, i) => ((((i + salt) * 2654435761) >>> 7) % 19) - 9);
}

export function wholeTensor(shape: readonly number[], salt: number, dtype: DType = "float32"): Tensor {
  return tensor(whole(shape, salt), { shape, dtype });
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** All positions in a shape, the last axis fastest. */
export function positions(shape: readonly number[]): number[][] {
  const found: number[][] = [];
  const visit = (before: number[]): void => {
    if (before.length === shape.length) found.push(before);
    else for (let i = 0; i < shape[before.length]!; i++) visit([...before, i]);
  };
  visit([]);
  return found;
}

/** Where the element at a position is stored. */
export function indexOf(shape: readonly number[], position: readonly number[]): number {
  return position.reduce((index, i, axis) => index * shape[axis]! + i, 0);
}

/** The position of an operand that broadcasting pairs with a position of the result. */
export function paired(shape: readonly number[], position: readonly number[]): number[] {
  return shape.map((size, i) => (size === 1 ? 0 : position[position.length - shape.length + i]!));
}

/** The shape that shapes broadcast to. */
export function commonShape(all: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...all.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const here = all.map((shape) => shape[axis - rank + shape.length] ?? 1);
    return here.find((size) => size !== 1) ?? 1;
  });
}

/** Compares shape and numbers, exactly; −0 counts as 0. */
export function expectExactly(found: Tensor, shape: readonly number[], numbers: readonly number[]): void {
  expect(found.shape).toEqual(shape);
  expect(Array.from(found.data(), (v) => v + 0)).toEqual(numbers.map((v) => v + 0));
}

/** The same up to rounding, relative to the largest number (at least 1). */
export function expectClose(
  found: Tensor,
  shape: readonly number[],
  numbers: readonly number[],
  tolerance: number,
): void {
  expect(found.shape).toEqual(shape);
  const data = found.data();
  const scale = numbers.reduce((largest, v) => Math.max(largest, Math.abs(v)), 1);
  const wrong = numbers.flatMap((v, i) =>
    Math.abs(data[i]! - v) <= tolerance * scale ? [] : [[i, data[i], v]],
  );
  expect(wrong).toEqual([]);
}
