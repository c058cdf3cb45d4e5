// Symbolic tensors: what goes from layer to layer while a functional model is put together, before there are numbers.
import type { Shape } from "../tensor/shape.ts";
import type { Layer } from "./layer.ts";

/** One call of a layer on symbolic tensors. A shared layer has several. */
export interface LayerCall {
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  /** Calls are numbered as they are made, so a call comes after those that it depends on. */
  readonly order: number;
}

let calls = 0;

/**
 * A place where a tensor will be: its shape is known, and which layer gives it. Made by `input` and by calling layers.
 *
 * @example
 * dense(5)(input([3])).shape // → [ 5 ]
 */
export class SymbolicTensor {
  /** The shape of one sample, without the batch. */
  readonly shape: Shape;
  /** The call that gives it. */
  readonly call: LayerCall;
  /** Which of the call's outputs it is. */
  readonly index: number;

  constructor(shape: Shape, call: LayerCall, index: number) {
    this.shape = shape;
    this.call = call;
    this.index = index;
  }

  /** One line for the console. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `symbolic tensor [${["batch", ...this.shape].join(", ")}] of ${this.call.layer.name}`;
  }
}

/**
 * Calls a layer on symbolic tensors: makes it ready for their shapes, and gives a symbolic tensor for each of its outputs.
 * @throws Error when the layer cannot take these shapes
 */
export function connect(layer: Layer, inputs: readonly SymbolicTensor[]): SymbolicTensor[] {
  const shapes = layer.buildFor(inputs.map((input) => input.shape));
  const call = { layer, inputs, order: calls++ };
  return shapes.map((shape, index) => new SymbolicTensor(shape, call, index));
}
