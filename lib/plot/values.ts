// What can be drawn: tensors, nested arrays and typed arrays, read into one flat array of numbers with a shape.

/** A tensor as the plots see it. */
export interface TensorLike {
  readonly shape: readonly number[];
  data(): ArrayLike<number>;
}

/** Numbers nested in arrays, all rows of one length. */
export type Nested = number | readonly Nested[];

/** Anything with numbers in it: a tensor, nested arrays, a typed array, or a list of tensors of one shape. */
export type Values = TensorLike | Nested | ArrayLike<number> | readonly TensorLike[];

/** Numbers in row-major order with their shape. */
export interface Grid {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** True for tensors and everything that looks like one. */
export function isTensorLike(value: unknown): value is TensorLike {
  return (
    typeof value === "object" &&
    value !== null &&
    "shape" in value &&
    "data" in value &&
    typeof value.data === "function"
  );
}

/** Reads values into a flat array with a shape; `caller` begins the message of an error. */
export function readValues(caller: string, input: Values): Grid {
  if (isTensorLike(input)) return { shape: input.shape, values: input.data() };
  if (typeof input === "number") return { shape: [], values: [input] };
  if (ArrayBuffer.isView(input))
    return { shape: [(input as Float32Array).length], values: input as Float32Array };
  if (!Array.isArray(input)) {
    throw new TypeError(`${caller}: expected a tensor or arrays of numbers, got ${describe(input)}`);
  }
  return readArray(caller, input);
}

/** Reads a list of numbers; a tensor must have one axis. */
export function readNumbers(caller: string, input: Values): number[] {
  const { shape, values } = readValues(caller, input);
  if (shape.length !== 1)
    throw new RangeError(`${caller}: expected a list of numbers, got shape ${shapeText(shape)}`);
  return Array.from(values);
}

/** A shape as the library writes it: `[2, 3]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** The smallest and largest finite value, and how many are not finite; `[0, 0]` when none is finite. */
export function finiteRange(values: ArrayLike<number>): { min: number; max: number; notFinite: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let notFinite = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) notFinite++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min > max ? { min: 0, max: 0, notFinite } : { min, max, notFinite };
}

/** Names of rows or columns as text, one for each. */
export function readNames(
  caller: string,
  what: string,
  names: readonly (string | number)[] | undefined,
  count: number,
): string[] | undefined {
  if (names !== undefined && names.length !== count)
    throw new RangeError(`${caller}: ${names.length} names for ${count} ${what}`);
  return names?.map(String);
}

function readArray(caller: string, input: readonly unknown[]): Grid {
  if (input.length === 0) return { shape: [0], values: [] };
  if (input.every((item) => typeof item === "number")) return { shape: [input.length], values: input };
  const parts = input.map((item) => readValues(caller, item as Values));
  const inner = parts[0].shape;
  const odd = parts.findIndex((part) => shapeText(part.shape) !== shapeText(inner));
  if (odd >= 0) {
    throw new RangeError(
      `${caller}: all parts must have one shape, but number 0 is ${shapeText(inner)} and number ${odd} is ${shapeText(parts[odd].shape)}`,
    );
  }
  const size = parts[0].values.length;
  const values = new Float64Array(size * parts.length);
  parts.forEach((part, i) => {
    values.set(Array.from(part.values), i * size);
  });
  return { shape: [parts.length, ...inner], values };
}

/** Refuses what is no object: `example` says how the options are written. */
export function checkOptions(caller: string, options: unknown, example: string): void {
  if (typeof options === "object" && options !== null) return;
  throw new TypeError(`${caller}: takes options such as ${example}, got ${describe(options)}`);
}

/** A value in words, for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object"
    ? `an object of class ${value.constructor?.name ?? "?"}`
    : `a ${typeof value}`;
}
