// Element types of tensors: how each is held, and which one results when several meet.

/** The element type of a tensor. */
export type DType = "float32" | "float64" | "int32" | "uint8" | "bool";

/** The typed arrays that numbers come from and go to. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

export const dtypes: readonly DType[] = ["float32", "float64", "int32", "uint8", "bool"];

/** Bytes of one element in the engine's memory. Bool is held as float32 0 and 1, ready for arithmetic. */
export const bytesPerElement: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  int32: 4,
  uint8: 1,
  bool: 4,
};

/** Whether elements are fractions (and gradients can flow). */
export function isFloating(dtype: DType): dtype is "float32" | "float64" {
  return dtype === "float32" || dtype === "float64";
}

/**
 * The type of a result of two: float64 if one is; else float32 if one is; whole numbers of one type stay in it, different
 * ones become int32. As in NumPy, but that whole numbers with float32 give float32, as in PyTorch.
 */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  if (a === "float64" || b === "float64") return "float64";
  return a === "float32" || b === "float32" ? "float32" : "int32";
}

const ranges: Readonly<Partial<Record<DType, readonly [low: number, high: number]>>> = {
  int32: [-2147483648, 2147483647],
  uint8: [0, 255],
};

/** The whole numbers that a type holds, both ends included; null for those that hold fractions or truth values. */
export function rangeOf(dtype: DType): readonly [low: number, high: number] | null {
  return ranges[dtype] ?? null;
}

/**
 * Refuses a plain number that a tensor of whole numbers cannot hold as it is: it would wrap around, or lose its fraction,
 * without a word. Truth values take any number: 0 is false. (What becomes of a tensor's numbers in another type, `cast` says.)
 *
 * @throws RangeError that names number, type, range and the type to take.
 */
export function checkHolds(operation: string, dtype: DType, value: number): void {
  checkRange(operation, dtype, value);
  if (rangeOf(dtype) !== null && !Number.isInteger(value)) throw refusal(operation, dtype, value);
}

/** Refuses only what lies outside the range, for numbers that are converted: their fractions are cut off. */
export function checkRange(operation: string, dtype: DType, value: number, position?: number): void {
  const range = rangeOf(dtype);
  if (range === null || (value > range[0] - 1 && value < range[1] + 1)) return;
  throw refusal(operation, dtype, value, position);
}

function refusal(operation: string, dtype: DType, value: number, position?: number): RangeError {
  const [low, high] = rangeOf(dtype)!;
  const wider = !Number.isInteger(value) ? "float32" : value === (value | 0) ? "int32" : "float64";
  const place = position === undefined ? "" : ` at position ${position}`;
  return new RangeError(
    `${operation}: ${value}${place} does not fit into ${dtype} (whole numbers from ${low} to ${high}) — take ${wider}: ` +
      `x.cast("${wider}"), or { dtype: "${wider}" } where the tensor is made`,
  );
}

/** Names that other libraries and languages have for element types. */
const meant: Readonly<Record<string, DType>> = {
  float: "float32",
  float16: "float32",
  f32: "float32",
  single: "float32",
  number: "float32",
  double: "float64",
  f64: "float64",
  int: "int32",
  int8: "int32",
  int16: "int32",
  int64: "int32",
  i32: "int32",
  long: "int32",
  byte: "uint8",
  u8: "uint8",
  boolean: "bool",
};

/** Checks a dtype that came from outside and suggests the one that was meant. */
export function checkDType(operation: string, dtype: string): DType {
  if ((dtypes as readonly string[]).includes(dtype)) return dtype as DType;
  const guess = meant[String(dtype).toLowerCase()];
  const hint = guess
    ? ` — did you mean "${guess}"?`
    : ` — known are ${dtypes.map((d) => `"${d}"`).join(", ")}`;
  throw new TypeError(`${operation}: unknown dtype "${dtype}"${hint}`);
}
