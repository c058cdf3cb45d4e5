// What an index such as (0, "1:-1", [2, 0], mask) selects of a tensor: read once, used to take, to set and to send gradients.
import { empty } from "../tensor/create.ts";
import {
  broadcastShapes,
  describe,
  formatShape,
  type Shape,
  sameShape,
  sizeOf,
  stridesOf,
} from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { broadcastStrides, toIndices } from "./operand.ts";

/** A range as NumPy writes it: `":"`, `"1:3"`, `"-2:"`, `"::-1"`. */
export type Range = `${number | ""}:${number | ""}` | `${number | ""}:${number | ""}:${number | ""}`;

/**
 * One part of an index: a position (negative: from the end), a range, `"..."` for all axes between, `null` for a new
 * axis of size 1, a list or tensor of positions, or a mask (booleans, or a tensor of dtype bool).
 */
export type Index = number | Range | "..." | null | readonly number[] | readonly boolean[] | Tensor;

/** Elements at regular distances. */
export interface Strided {
  readonly shape: number[];
  readonly start: number;
  readonly strides: number[];
}

/** Elements at listed places: `positions` number the blocks of `block` consecutive elements. */
export interface Listed {
  readonly shape: number[];
  readonly positions: Tensor;
  readonly block: number;
}

export type Selection = Strided | Listed;

/** An axis of the result that walks along an axis of the tensor (or a new one, with stride 0). */
interface Walk {
  size: number;
  stride: number;
}

/** Positions along an axis, as offsets into the tensor. */
interface List {
  offsets: Int32Array;
  shape: Shape;
}

/** Reads an index against a shape. @throws when it does not fit, naming the operation. */
export function readIndex(operation: string, shape: Shape, indices: readonly Index[]): Selection {
  const strides = stridesOf(shape);
  const walks: Walk[] = [];
  const lists: List[] = [];
  let start = 0;
  let axis = 0;
  // Where among the walks the lists stand, and whether a range or a new axis stands between them.
  let place = -1;
  let apart = false;
  let parted = false;
  const chosen = (): void => {
    if (place >= 0 && (parted || place !== walks.length)) apart = true;
    if (place < 0) place = walks.length;
  };
  const listing = indices.some(isList);
  for (const index of withoutEllipsis(operation, shape, indices)) {
    if (index === null) {
      walks.push({ size: 1, stride: 0 });
    } else if (index === "...") {
      // The axes it stands for follow; it parts lists as in NumPy also where there are none.
      parted = place >= 0;
    } else if (typeof index === "string") {
      const [first, step, size] = readRange(operation, index, shape, axis);
      start += first * strides[axis]!;
      walks.push({ size, stride: step * strides[axis]! });
      axis++;
    } else if (typeof index === "number") {
      start += readPosition(operation, index, shape, axis) * strides[axis]!;
      if (listing) chosen();
      axis++;
    } else {
      const found = readList(operation, index, shape, strides, axis);
      lists.push(...found);
      axis += found.length;
      chosen();
    }
  }
  if (lists.length === 0) {
    return { shape: walks.map((w) => w.size), start, strides: walks.map((w) => w.stride) };
  }
  return listPositions(operation, shape, start, walks, lists, apart ? 0 : place);
}

function isList(index: Index): boolean {
  return typeof index === "object" && index !== null;
}

/** How many axes a part of an index stands for. */
function axesOf(index: Index): number {
  if (index === null || index === "...") return 0;
  return index instanceof Tensor && index.dtype === "bool" ? index.rank : 1;
}

/** The parts with ranges `":"` behind `"..."`, or at the end, for the axes that are left open. */
function withoutEllipsis(operation: string, shape: Shape, indices: readonly Index[]): Index[] {
  let used = 0;
  for (const index of indices) used += axesOf(index);
  if (used > shape.length) {
    throw new RangeError(
      `${operation}: ${used} indices are too many for ${formatShape(shape)}, one for each axis at most`,
    );
  }
  const all = new Array<Index>(shape.length - used).fill(":");
  const at = indices.indexOf("...");
  if (at < 0) return [...indices, ...all];
  if (indices.indexOf("...", at + 1) > at) {
    throw new Error(`${operation}: "..." stands for all axes that are left, so it can be used once only`);
  }
  return [...indices.slice(0, at + 1), ...all, ...indices.slice(at + 1)];
}

/** A position from 0 up. */
export function readPosition(operation: string, index: number, shape: Shape, axis: number): number {
  const length = shape[axis]!;
  const position = index < 0 ? index + length : index;
  if (Number.isInteger(index) && position >= 0 && position < length) return position;
  const range = length === 0 ? "it is empty" : `0 to ${length - 1}, or −1 for the last`;
  throw new RangeError(
    `${operation}: no index ${index} along axis ${axis} of ${formatShape(shape)} (${range})`,
  );
}

const RANGE = /^(-?\d+)?:(-?\d+)?(?::(-?\d+)?)?$/;

/** First position, step and length of a range, cut off at the ends as in NumPy. */
function readRange(
  operation: string,
  text: string,
  shape: Shape,
  axis: number,
): [first: number, step: number, size: number] {
  const parts = RANGE.exec(text);
  if (parts === null) {
    throw new SyntaxError(`${operation}: "${text}" is no range — ${insteadOf(text)}`);
  }
  const length = shape[axis]!;
  const step = parts[3] === undefined ? 1 : Number(parts[3]);
  if (step === 0) throw new RangeError(`${operation}: the step of "${text}" must not be 0`);
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const limit = (given: string | undefined, otherwise: number): number => {
    if (given === undefined) return otherwise;
    const position = Number(given);
    return Math.min(Math.max(position < 0 ? position + length : position, low), high);
  };
  const first = limit(parts[1], step > 0 ? low : high);
  const end = limit(parts[2], step > 0 ? high : low);
  const size = Math.max(0, Math.ceil((end - first) / step));
  return [size === 0 ? 0 : first, step, size];
}

/** How an index that is no range is written. */
function insteadOf(text: string): string {
  if (/^\s*-?\d+\s*$/.test(text)) return `a position is a number: ${text.trim()}`;
  const parts = text.split(",").map((part) => part.trim());
  if (parts.length > 1 && parts.every((part) => /^(-?\d+|[-\d]*:[-:\d]*|\.\.\.)$/.test(part))) {
    const each = parts.map((part) => (/^-?\d+$/.test(part) ? part : JSON.stringify(part)));
    return `each axis has an index of its own: ${each.join(", ")}`;
  }
  return 'write "start:end" or "start:end:step" (each may be left out), ":" or "..."';
}

/** A list of positions, or a mask, as offsets: one list an axis. */
function readList(
  operation: string,
  index: Exclude<Index, number | string | null>,
  shape: Shape,
  strides: readonly number[],
  axis: number,
): List[] {
  const mask = index instanceof Tensor ? index.dtype === "bool" : typeof index[0] === "boolean";
  if (mask) {
    const sizes = index instanceof Tensor ? index.shape : [index.length];
    const values = index instanceof Tensor ? index.view() : (index as readonly boolean[]);
    return readMask(operation, sizes, values, shape, strides, axis);
  }
  if (Array.isArray(index) && Array.isArray(index[0])) {
    throw new TypeError(
      `${operation}: a table of positions or truth values is a tensor: wrap it, tensor([[…]])`,
    );
  }
  const positions = toIndices(operation, index as Tensor | readonly number[]);
  const offsets = new Int32Array(positions.size);
  const view = positions.view();
  for (let i = 0; i < offsets.length; i++) {
    offsets[i] = readPosition(operation, view[i]!, shape, axis) * strides[axis]!;
  }
  return [{ offsets, shape: positions.shape }];
}

function readMask(
  operation: string,
  sizes: Shape,
  values: ArrayLike<number | boolean>,
  shape: Shape,
  strides: readonly number[],
  axis: number,
): List[] {
  if (sizes.length === 0) {
    throw new Error(
      `${operation}: a mask has the shape of the axes it selects from, got a single truth value`,
    );
  }
  const covered = shape.slice(axis, axis + sizes.length);
  if (sizes.some((size, i) => size !== covered[i])) {
    const part = sizes.length === shape.length ? "" : `, axis ${axis} and following`;
    throw new RangeError(
      `${operation}: a mask ${formatShape(sizes)} does not fit ${formatShape(covered)} (of ${formatShape(shape)}${part}) — ` +
        "a mask has the sizes of the axes it selects from",
    );
  }
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i]) count++;
  const steps = stridesOf(sizes);
  const lists = sizes.map(() => new Int32Array(count));
  let found = 0;
  for (let i = 0; i < values.length; i++) {
    if (!values[i]) continue;
    for (let k = 0; k < sizes.length; k++) {
      lists[k]![found] = (Math.floor(i / steps[k]!) % sizes[k]!) * strides[axis + k]!;
    }
    found++;
  }
  return lists.map((offsets) => ({ offsets, shape: [count] }));
}

/** The places of all selected elements, where the axes of the lists come after `place` walks. */
function listPositions(
  operation: string,
  shape: Shape,
  start: number,
  walks: readonly Walk[],
  lists: readonly List[],
  place: number,
): Listed {
  const common = lists.map((list) => list.shape).reduce((a, b) => joinLists(operation, a, b));
  const offsets = new Int32Array(sizeOf(common)).fill(start);
  for (const list of lists) addOffsets(offsets, list, common);
  const after = walks.slice(place);
  // Last axes that are taken whole lie together in memory: they move as blocks.
  let block = 1;
  while (after.length > 0 && after[after.length - 1]!.stride === block && sizeOf(shape) > 0) {
    const { size } = after[after.length - 1]!;
    if (size !== shape[shape.length - 1 - (walks.length - place - after.length)]) break;
    block *= size;
    after.pop();
  }
  const groups = [...walks.slice(0, place).map(walkOffsets), offsets, ...after.map(walkOffsets)];
  const all = groups.reduce(sums);
  const positions = empty([all.length], "int32");
  const target = positions.view();
  for (let i = 0; i < all.length; i++) target[i] = all[i]! / block;
  const sizes = walks.map((walk) => walk.size);
  return { shape: [...sizes.slice(0, place), ...common, ...sizes.slice(place)], positions, block };
}

function joinLists(operation: string, a: Shape, b: Shape): Shape {
  try {
    return broadcastShapes(operation, a, b);
  } catch {
    throw new Error(
      `${operation}: lists of positions ${formatShape(a)} and ${formatShape(b)} are paired element by element, so their ` +
        "shapes must broadcast — for all combinations, make one a column: .reshape([-1, 1])",
    );
  }
}

function walkOffsets({ size, stride }: Walk): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => i * stride);
}

/** All sums of an element of the first and one of the second, the second running fastest. */
function sums(a: Int32Array, b: Int32Array): Int32Array {
  const result = new Int32Array(a.length * b.length);
  let k = 0;
  for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) result[k++] = a[i]! + b[j]!;
  return result;
}

function addOffsets(target: Int32Array, { offsets, shape }: List, common: Shape): void {
  if (sameShape(shape, common)) {
    for (let i = 0; i < target.length; i++) target[i]! += offsets[i]!;
    return;
  }
  const steps = broadcastStrides(shape, common);
  const dense = stridesOf(common);
  for (let i = 0; i < target.length; i++) {
    let from = 0;
    for (let axis = 0; axis < common.length; axis++) {
      from += (Math.floor(i / dense[axis]!) % common[axis]!) * steps[axis]!;
    }
    target[i]! += offsets[from]!;
  }
}

/** Refuses what is no part of an index, with what it may be. */
export function checkIndex(operation: string, index: unknown): asserts index is Index {
  if (index === null || index instanceof Tensor || Array.isArray(index)) return;
  if (typeof index === "number" || typeof index === "string") return;
  throw new TypeError(
    `${operation}: an index is a number, a range such as "1:3", "...", null, a list of positions or a mask, got ${describe(index)}`,
  );
}
