// What may have happened when a shape is not the expected one.
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.ts";

/** A likely reason, or "" when none suggests itself. */
export function shapeHint(actual: Shape, expected: Shape): string {
  if (sizeOf(actual) === sizeOf(expected)) return sameSizeHint(actual, expected);
  if (actual.length !== expected.length) return rankHint(actual, expected);
  const off = expected.map((size, axis) => actual[axis]! - size);
  const wrong = off.flatMap((step, axis) => (step === 0 ? [] : [axis]));
  const [first, ...others] = wrong.map((axis) => off[axis]!);
  const axes = `axes ${wrong.join(" and ")}`;
  if (wrong.length >= 2 && isOneWholeFactor(wrong.map((axis) => [actual[axis]!, expected[axis]!])))
    return `${axes} differ by one factor: another stride, or a pooling layer?`;
  if (wrong.length >= 2 && others.every((step) => step === first)) {
    const [size, more] = [Math.abs(first!), first! > 0 ? "longer" : "shorter"];
    const padding = first! > 0 ? `"same" in place of "valid"` : `"valid" in place of "same"`;
    return `${axes} are each ${size} ${more}: padding ${padding}, or another size of the window?`;
  }
  if (wrong.length === 1 && Math.abs(first!) === 1) {
    return `axis ${wrong[0]} is one too ${first! > 0 ? "long" : "short"}: is an end counted or left out?`;
  }
  return wrong.length === 1
    ? `only axis ${wrong[0]} differs: ${actual[wrong[0]!]} for ${expected[wrong[0]!]}`
    : "";
}

/** The numbers may be the right ones, arranged in another way. */
function sameSizeHint(actual: Shape, expected: Shape): string {
  if (expected.length === 0) return "a tensor with one number, not the number itself: item() takes it out";
  const isRank2 = expected.length === 2 && actual.length === 2;
  if (isRank2 && sameShape(actual, [...expected].reverse())) return "did you transpose?";
  if (sameShape(squeezed(actual), squeezed(expected))) {
    const more = actual.length > expected.length;
    const axis = (more ? actual : expected).findIndex(
      (size, i) => size === 1 && (more ? expected : actual)[i] !== 1,
    );
    if (actual.length === expected.length) return "the axis of size 1 stands in another place";
    return more
      ? `one axis of size 1 too many: squeeze(${axis})?`
      : `an axis of size 1 is missing: expandDims(${axis})?`;
  }
  if (actual.length === expected.length && sameShape(sorted(actual), sorted(expected))) {
    const turned = [actual.at(-1)!, ...actual.slice(0, -1)];
    if (
      expected.length >= 3 &&
      (sameShape(turned, expected) || sameShape(actual.slice(1).concat(actual[0]!), expected))
    )
      return "channels first or last? permute exchanges axes";
    return "the axes are in another order: permute?";
  }
  return `as many numbers: reshape(${formatShape(expected)})?`;
}

function rankHint(actual: Shape, expected: Shape): string {
  const by = actual.length - expected.length;
  const axes = (amount: number) => (amount === 1 ? "one axis" : `${amount} axes`);
  if (by > 0 && sameShape(actual.slice(by), expected))
    return `${axes(by)} too many in front: a whole batch in place of one? at(0) takes the first`;
  if (by > 0 && isWithout(actual, expected))
    return `${axes(by)} too many: is a sum, mean or argMax along it missing?`;
  if (by < 0 && sameShape(expected.slice(-by), actual))
    return `${axes(-by)} missing in front: one example in place of a batch? expandDims(0) makes a batch of one`;
  if (by < 0 && isWithout(expected, actual))
    return `${axes(-by)} missing: was it reduced away? keepDims keeps it`;
  return "";
}

/** Whether all sizes are the same multiple, or the same whole part, of their partners; the rest of a division is left out. */
function isOneWholeFactor(sizes: readonly (readonly [number, number])[]): boolean {
  const factors = sizes.map(([a, b]) => Math.round(Math.max(a, b) / Math.min(a, b)) * Math.sign(a - b));
  const isWhole = sizes.every(
    ([a, b], i) => Math.floor(Math.max(a, b) / Math.abs(factors[i]!)) === Math.min(a, b),
  );
  return isWhole && factors.every((factor) => factor === factors[0] && Math.abs(factor) > 1);
}

/** Whether `fewer` is `more` with some axes left out. */
function isWithout(more: Shape, fewer: Shape): boolean {
  let found = 0;
  for (const size of more) if (size === fewer[found]) found++;
  return found === fewer.length;
}

function squeezed(shape: Shape): Shape {
  return shape.filter((size) => size !== 1);
}

function sorted(shape: Shape): Shape {
  return [...shape].sort((a, b) => a - b);
}
