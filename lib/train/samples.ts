// What is given to train on, made ready and checked before the first step, so that no mistake shows itself half an hour in.

import { Dataset } from "../data/dataset.ts";
import type { LossName } from "../nn/losses.ts";
import { tensor } from "../tensor/create.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { describe, formatShape, type Shape } from "../tensor/shape.ts";
import { type NestedArray, Tensor } from "../tensor/tensor.ts";

/**
 * Samples or targets as a tensor, or as plain (nested) arrays; for a model with several inputs or outputs a list with one of
 * them for each.
 */
export type Samples = Tensor | NestedArray | TypedArray | readonly (Tensor | NestedArray | TypedArray)[];

/** @throws RangeError unless an option is a whole number above 0. */
export function requireWhole(action: string, option: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(`${action}: ${option} must be a whole number above 0, got ${describe(value)}`);
}

/** Inputs and targets that belong together, one row each per sample: a tensor for each input and for each output. */
export interface Pairs {
  x: readonly Tensor[];
  y: readonly Tensor[];
}

/** The rows `start` to `end` (exclusive) of all. */
export function rowsOf({ x, y }: Pairs, start: number, end: number): Pairs {
  return { x: x.map((each) => each.slice(start, end)), y: y.map((each) => each.slice(start, end)) };
}

/**
 * The inputs as float32 tensors with at least one sample, all with the same number.
 * @param names what the model calls its inputs
 */
export function readInputs(action: string, x: Samples, names: readonly string[]): Tensor[] {
  const inputs = apart(action, "x", x, names).map(([name, part]) => {
    const input = read(action, name, part);
    if (input.rank === 0 || input.shape[0] === 0) {
      throw new Error(`${action}: ${name} has no samples (shape ${formatShape(input.shape)})`);
    }
    return input.dtype === "float32" ? input : input.cast("float32");
  });
  const odd = inputs.findIndex((input) => input.shape[0] !== inputs[0].shape[0]);
  if (odd < 0) return inputs;
  throw new Error(
    `${action}: input ${names[0]} has ${inputs[0].shape[0]} samples, input ${names[odd]} has ${inputs[odd].shape[0]} — they must agree`,
  );
}

/** One output of a model, as its targets must fit it. */
export interface Target {
  name: string;
  /** The loss, if it is one the library knows: it says what targets must look like. */
  lossName: LossName | null;
  /** The shape of one sample of the output. */
  shape: Shape;
}

/** Inputs and targets, checked against each other and against what the model gives. */
export function readPairs(
  action: string,
  x: readonly Tensor[],
  y: Samples,
  outputs: readonly Target[],
): Pairs {
  const names = outputs.map(({ name }) => name);
  const targets = apart(action, "y", y, names).map(([name, part], i) =>
    readTargets(action, name, x[0], part, outputs[i]),
  );
  return { x, y: targets };
}

/** The parts of a list for several inputs or outputs, with what to call them in errors. */
function apart(
  action: string,
  what: "x" | "y",
  samples: Samples,
  names: readonly string[],
): [name: string, part: Samples][] {
  if (names.length === 1) {
    if (!Array.isArray(samples) || !samples.some((part) => part instanceof Tensor)) return [[what, samples]];
    throw new TypeError(
      `${action}: ${what} is a list of ${samples.length} tensors, but the model has one ${what === "x" ? "input" : "output"}: ` +
        "join them with stack(…) or concat(…)",
    );
  }
  if (Array.isArray(samples) && samples.length === names.length) {
    return samples.map((part, i) => [`${what} for ${names[i]}`, part as Samples]);
  }
  const kind = what === "x" ? "inputs" : "outputs";
  throw new TypeError(
    `${action}: the model has ${names.length} ${kind} (${names.join(", ")}): ${what} is a list with one for each, got ` +
      (Array.isArray(samples) ? `${samples.length}` : describe(samples)),
  );
}

function readTargets(
  action: string,
  name: string,
  x: Tensor,
  y: Samples,
  { lossName, shape }: Target,
): Tensor {
  const targets = read(action, name, y);
  if (targets.rank === 0 || targets.shape[0] !== x.shape[0]) {
    throw new Error(
      `${action}: x has ${x.shape[0]} samples, ${name} has ${targets.shape[0] ?? "none"} — they must agree ` +
        `(x ${formatShape(x.shape)}, y ${formatShape(targets.shape)})`,
    );
  }
  const place = name === "y" ? action : `${action}, ${name}`;
  if (lossName === "sparseCategoricalCrossentropy") return classNumbers(place, targets, shape);
  const floats = targets.dtype === "float32" ? targets : targets.cast("float32");
  if (lossName === "categoricalCrossentropy") checkOneHot(place, floats, shape);
  else if (lossName === "binaryCrossentropy") checkProbabilities(place, floats, shape);
  else if (lossName !== null) checkSize(place, floats, shape);
  return floats;
}

function read(action: string, name: string, values: Samples): Tensor {
  if (values instanceof Tensor) return values;
  if (values === undefined) throw new TypeError(`${action}: ${name} is missing; say ${action}(x, y)`);
  if (values instanceof Dataset) {
    throw new TypeError(`${action}: ${name} is a whole data set; give its parts: ${action}(data.x, data.y)`);
  }
  try {
    return tensor(values as NestedArray);
  } catch (error) {
    throw new Error(`${action}: ${name} cannot be read as a tensor: ${(error as Error).message}`);
  }
}

function classNumbers(action: string, y: Tensor, output: Shape): Tensor {
  const classes = output[output.length - 1];
  if (y.size !== y.shape[0]) {
    const hint =
      y.rank === 2 && y.shape[1] === classes ? '; for one-hot rows use loss "categoricalCrossentropy"' : "";
    throw new Error(`${action}: y should be class numbers [batch], got ${formatShape(y.shape)}${hint}`);
  }
  if (classes < 2) {
    throw new Error(
      `${action}: the model has 1 output, sparseCategoricalCrossentropy needs one per class; ` +
        'use loss "binaryCrossentropy", or dense(2, { activation: "softmax" }) as the last layer',
    );
  }
  const values = y.view();
  for (let i = 0; i < values.length; i++) {
    const label = values[i];
    if (!Number.isInteger(label)) throw new Error(`${action}: y[${i}] is ${label}, not a class number`);
    if (label < 0 || label >= classes) {
      const hint = label === classes ? "; classes count from 0" : "";
      throw new Error(`${action}: y[${i}] is ${label}, but the model has classes 0 to ${classes - 1}${hint}`);
    }
  }
  const flat = y.rank === 1 ? y : y.reshape([y.size]);
  return flat.dtype === "int32" ? flat : flat.cast("int32");
}

function checkOneHot(action: string, y: Tensor, output: Shape): void {
  const classes = output[output.length - 1];
  if (y.rank === 2 && y.shape[1] === classes) return;
  const hint = y.size === y.shape[0] ? '; for class numbers use loss "sparseCategoricalCrossentropy"' : "";
  throw new Error(
    `${action}: y should be one-hot rows [batch, ${classes}], got ${formatShape(y.shape)}${hint}`,
  );
}

function checkProbabilities(action: string, y: Tensor, output: Shape): void {
  checkSize(action, y, output);
  const values = y.view();
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= 0 && values[i] <= 1)) {
      throw new Error(
        `${action}: binaryCrossentropy wants targets between 0 and 1, y has ${values[i]} at ${i}`,
      );
    }
  }
}

function checkSize(action: string, y: Tensor, output: Shape): void {
  const perSample = output.reduce((a, b) => a * b, 1);
  if (y.size === y.shape[0] * perSample) return;
  throw new Error(
    `${action}: the model gives [batch, ${output.join(", ")}], y is ${formatShape(y.shape)}: they must have the same size`,
  );
}
