// What is given to train on, made ready and checked before the first step, so that no mistake shows itself half an hour in.

import { Dataset } from "../data/dataset.ts";
import type { LossName } from "../nn/losses.ts";
import { tensor } from "../tensor/create.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { describe, formatShape, type Shape } from "../tensor/shape.ts";
import { type NestedArray, Tensor } from "../tensor/tensor.ts";

/** Samples or targets as a tensor, or as plain (nested) arrays. */
export type Samples = Tensor | NestedArray | TypedArray;

/** @throws RangeError unless an option is a whole number above 0. */
export function requireWhole(action: string, option: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(`${action}: ${option} must be a whole number above 0, got ${describe(value)}`);
}

/** Inputs and targets that belong together, one row each per sample. */
export interface Pairs {
  x: Tensor;
  y: Tensor;
}

/** The inputs as a float32 tensor with at least one sample. */
export function readInputs(action: string, x: Samples): Tensor {
  const inputs = read(action, "x", x);
  if (inputs.rank === 0 || inputs.shape[0] === 0) {
    throw new Error(`${action}: x has no samples (shape ${formatShape(inputs.shape)})`);
  }
  return inputs.dtype === "float32" ? inputs : inputs.cast("float32");
}

/**
 * Inputs and targets, checked against each other and against what the model gives.
 * @param lossName the loss, if it is one the library knows: it says what targets must look like
 * @param output the shape of one output sample
 */
export function readPairs(
  action: string,
  x: Tensor,
  y: Samples,
  lossName: LossName | null,
  output: Shape,
): Pairs {
  const targets = read(action, "y", y);
  if (targets.rank === 0 || targets.shape[0] !== x.shape[0]) {
    throw new Error(
      `${action}: x has ${x.shape[0]} samples, y has ${targets.shape[0] ?? "none"} — they must agree ` +
        `(x ${formatShape(x.shape)}, y ${formatShape(targets.shape)})`,
    );
  }
  if (lossName === "sparseCategoricalCrossentropy") return { x, y: classNumbers(action, targets, output) };
  const floats = targets.dtype === "float32" ? targets : targets.cast("float32");
  if (lossName === "categoricalCrossentropy") checkOneHot(action, floats, output);
  else if (lossName === "binaryCrossentropy") checkProbabilities(action, floats, output);
  else if (lossName !== null) checkSize(action, floats, output);
  return { x, y: floats };
}

function read(action: string, name: string, values: Samples): Tensor {
  if (values instanceof Tensor) return values;
  if (values === undefined) throw new TypeError(`${action}: ${name} is missing; say ${action}(x, y)`);
  if (values instanceof Dataset) {
    throw new TypeError(`${action}: ${name} is a whole data set; give its parts: ${action}(data.x, data.y)`);
  }
  try {
    return tensor(values);
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
