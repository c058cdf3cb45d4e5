// What a row of the table of operations says, and the numbers that its inputs are filled with.
import type { Tensor } from "../../../lib/index.ts";

/** An input: its shape and the range of its numbers, which are multiples of 1/256 and so the same in every dtype. */
export interface Input {
  shape: readonly number[];
  low: number;
  high: number;
  /** Where the function has kinks or jumps: numbers keep away from there. */
  kinks: readonly number[];
  /** Whole numbers only. */
  whole: boolean;
}

/** One operation. Value and gradient are compared with the reference, the gradient with differences too. */
export interface Row {
  /** Says which operation and with which options; the key of its fixtures. */
  name: string;
  /**
   * The same in Python, from float64 tensors a, b, c of PyTorch. Known are torch, F (torch.nn.functional), np, scipy and
   * sp (scipy.special). Where the result does not come from PyTorch (`np.sort(a)`), gradients are compared with differences only.
   */
  reference: string;
  call: (...inputs: Tensor[]) => Tensor;
  /** One or several lists of inputs. */
  inputs: readonly (readonly Input[])[];
  /** How often it is differentiated in the tests: 0 for none, 1, or 2 (by default) where the gradient is smooth too. */
  derivatives: 0 | 1 | 2;
  /** Works element by element, so broadcasting and odd shapes are tested as well. */
  elementwise: boolean;
  /** NaN, infinities and zeros (all pairs of them) are compared too, with `reference` or with the one given here. */
  special: boolean | string;
  /** How far the result may be off in float32, relative to the largest number involved; 2e-6 by default. */
  tolerance: number;
  /** The same in float64; 1e-12 by default. */
  tolerance64: number;
}

/** Numbers of a shape between −2 and 2, or in a range of their own. */
export function numbers(
  shape: readonly number[],
  options: { low?: number; high?: number; kinks?: readonly number[]; whole?: boolean } = {},
): Input {
  return { shape, low: -2, high: 2, kinks: [], whole: false, ...options };
}

type Settings = Partial<Omit<Row, "name" | "reference" | "call" | "elementwise" | "inputs">>;

/** A row with the inputs spelled out. */
export function row(
  name: string,
  call: Row["call"],
  reference: string,
  inputs: readonly Input[] | readonly (readonly Input[])[],
  settings: Settings = {},
): Row {
  const lists = (inputs.length > 0 && "shape" in inputs[0]! ? [inputs] : inputs) as Row["inputs"];
  return { ...defaults, name, call, reference, inputs: lists, ...settings };
}

const defaults = {
  derivatives: 2,
  elementwise: false,
  special: false,
  tolerance: 2e-6,
  tolerance64: 1e-12,
} as const;

type Range = Partial<Pick<Input, "low" | "high" | "kinks" | "whole">>;

/** An operation of one number on each element. */
export function unary(
  name: string,
  call: Row["call"],
  reference: string,
  range: Range = {},
  settings: Settings = {},
): Row {
  const inputs = [[], [1], [7], [0], [3, 5], [2, 0, 3]].map((shape) => [numbers(shape, range)]);
  return { ...defaults, special: true, elementwise: true, name, call, reference, inputs, ...settings };
}

/** An operation of two numbers on each pair of elements. */
export function binary(
  name: string,
  call: Row["call"],
  reference: string,
  ranges: readonly [Range, Range] = [{}, {}],
  settings: Settings = {},
): Row {
  const shapes: [number[], number[]][] = [
    [[], []],
    [[7], [7]],
    [
      [3, 5],
      [3, 5],
    ],
    [[3, 5], [5]],
    [
      [3, 1],
      [1, 4],
    ],
    [[], [2, 3]],
    [
      [2, 0, 3],
      [1, 1],
    ],
  ];
  const inputs = shapes.map((pair) => pair.map((shape, i) => numbers(shape, ranges[i])));
  return { ...defaults, special: true, elementwise: true, name, call, reference, inputs, ...settings };
}

/** A small generator of numbers in [0, 1) (mulberry32), so that each row has the same inputs for ever. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number for a text, to start a generator with. */
export function hash(text: string): number {
  let value = 2166136261;
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0)!, 16777619);
  return value >>> 0;
}

/** The numbers of an input. */
export function fill({ shape, low, high, kinks, whole }: Input, random: () => number): number[] {
  const grid = whole ? 1 : 256;
  return Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => {
    const value = Math.round((low + (high - low) * random()) * grid) / grid;
    return kinks.some((kink) => Math.abs(value - kink) < 0.06) ? value + 0.125 : value;
  });
}

/** What special values an elementwise operation is tried with: each of them, or all pairs. */
export const specialValues: readonly number[] = [
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 2, -2, 0.5, -0.5, 3, 40],
];
