// Reading and checking what layers are made with: whole numbers, sizes along axes; samples that have other axes.
import { imageAxes } from "../ops/window.ts";
import { describe, formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import type { Layer } from "./layer.ts";

/** How many axes lie between batch and channels: 1 for sequences, 2 for images, 3 for volumes. */
export type SpatialRank = 1 | 2 | 3;

/** One entry for each of N axes. */
export type PerAxis<N extends SpatialRank, T> = N extends 1
  ? readonly [T]
  : N extends 2
    ? readonly [T, T]
    : readonly [T, T, T];

/** A size for each of N axes, or one number for all of them: `3` stands for `[3, 3]`. */
export type Sizes<N extends SpatialRank> = number | PerAxis<N, number>;

/** Checks that an option is a whole number above zero. */
export function wholeNumber(layer: string, option: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`${layer}: ${option} must be a whole number above 0, got ${describe(value)}`);
}

/** Reads sizes along axes. @throws RangeError when they are no whole numbers above 0, or not as many as axes */
export function readSizes<N extends SpatialRank>(
  layer: string,
  option: string,
  value: Sizes<N>,
  rank: N,
): PerAxis<N, number> {
  const sizes: readonly number[] = Array.isArray(value) ? value : new Array(rank).fill(value);
  if (sizes.length !== rank) {
    const example = formatShape(new Array(rank).fill(2));
    throw new RangeError(
      `${layer}: ${option} is one number, or one for each axis such as ${example}; got ${formatShape(sizes)}`,
    );
  }
  return sizes.map((size) => wholeNumber(layer, option, size)) as readonly number[] as PerAxis<N, number>;
}

/** @throws Error that names the layer when samples have not `rank` axes and channels; `axes` says what a batch should be */
export function checkAxes(layer: Layer, inputShape: Shape, rank: SpatialRank, axes = imageAxes(rank)): void {
  if (inputShape.length === rank + 1) return;
  layer.refuse(`input ${axes}`, ["batch", ...inputShape], channelsHint(inputShape, rank));
}

/** The `.reshape(…)` that would make samples with this many axes and channels of such samples, if one is likely. */
function channelsHint(inputShape: Shape, rank: number): string {
  if (inputShape.length === rank) {
    return `the channels are missing: did you mean .reshape([-1, ${inputShape.join(", ")}, 1])?`;
  }
  const size = sizeOf(inputShape);
  for (const channels of rank === 2 && inputShape.length === 1 ? [1, 3] : []) {
    const side = Math.sqrt(size / channels);
    if (Number.isInteger(side) && side > 1) {
      return `did you mean .reshape([-1, ${side}, ${side}, ${channels}])?`;
    }
  }
  return "";
}
