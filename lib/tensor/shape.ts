// Shapes and axes: sizes, broadcasting, reading of axis arguments, printing.

/** The sizes of a tensor's axes, outermost first. */
export type Shape = readonly number[];

/** The number of elements in a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

/** A shape as it is written in messages: `[2, 3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Steps between neighbours along each axis of a row-major tensor, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** The shape two tensors broadcast to: aligned at the last axis, sizes equal or one of them 1. */
export function broadcastShapes(operation: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const p = i <= a.length ? a[a.length - i]! : 1;
    const q = i <= b.length ? b[b.length - i]! : 1;
    if (p !== q && p !== 1 && q !== 1) throw new Error(explainBroadcast(operation, a, b, p, q, rank - i));
    result[rank - i] = p === 1 ? q : p;
  }
  return result;
}

function explainBroadcast(operation: string, a: Shape, b: Shape, p: number, q: number, axis: number): string {
  const message =
    `${operation}: ${formatShape(a)} and ${formatShape(b)} do not broadcast — axis ${axis} has sizes ${p} and ${q}` +
    " (sizes must be equal, or one of them 1)";
  if (b.length === 1 && a.length > 1 && a.includes(b[0]!)) {
    const axisOfA = a.indexOf(b[0]!);
    const column = a.map((_, i) => (i < axisOfA ? 1 : i === axisOfA ? b[0]! : 1)).slice(axisOfA);
    return `${message}; to align with axis ${axisOfA}, use .reshape(${formatShape(column)}) on the second`;
  }
  if (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0]) {
    return `${message}; did you mean .transpose() on one of them, or matmul?`;
  }
  return message;
}

/** Reads one axis argument; negative axes count from the end. */
export function readAxis(operation: string, axis: number, rank: number): number {
  if (typeof axis !== "number") {
    const isOptions =
      typeof axis === "object" && axis !== null && Object.getPrototypeOf(axis) === Object.prototype;
    const hint = isOptions ? " — it stands before the options, as a number by itself" : "";
    throw new TypeError(`${operation}: an axis is a number such as 0 or −1, got ${describe(axis)}${hint}`);
  }
  const positive = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && positive >= 0 && positive < rank) return positive;
  if (rank === 0) throw new RangeError(`${operation}: a scalar has no axis ${axis}`);
  const hint = axis === rank ? `; axes count from 0 — did you mean ${rank - 1} (the last)?` : "";
  throw new RangeError(
    `${operation}: no axis ${axis} in a tensor of ${rank} ${rank === 1 ? "axis" : "axes"} ` +
      `(0 to ${rank - 1}, or −1 for the last)${hint}`,
  );
}

/** Reads an axis argument of a reduction as a sorted list without repeats; left out means all axes. */
export function readAxes(
  operation: string,
  axes: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = Array.isArray(axes) ? (axes as readonly number[]) : [axes as number];
  const result = list.map((axis) => readAxis(operation, axis, rank)).sort((a, b) => a - b);
  for (let i = 1; i < result.length; i++) {
    if (result[i] === result[i - 1]) throw new RangeError(`${operation}: axis ${result[i]} is named twice`);
  }
  return result;
}

/** A value in words, for messages about one that should have been something else. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return "an array";
  if (typeof value === "function") return `the function ${value.name || "without a name"}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Promise) return "a Promise (is an await missing?)";
  const kind = value.constructor?.name ?? "Object";
  return kind === "Object" ? "an object" : `a ${kind}`;
}

/** Checks that a shape from outside consists of whole sizes that are not negative. */
export function checkShape(operation: string, shape: Shape): Shape {
  if (!Array.isArray(shape)) {
    throw new TypeError(`${operation}: a shape is a list of sizes such as [2, 3], got ${describe(shape)}`);
  }
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0) {
      throw new RangeError(
        `${operation}: ${formatShape(shape)} is no shape — sizes are whole numbers from 0 up`,
      );
    }
  }
  return shape;
}
