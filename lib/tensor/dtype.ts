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

/** The whole numbers that a type holds, both ends included; null for those that hold fractions or truth values. */
export function rangeOf(dtype: DType): readonly [low: number, high: number] | null {
  if (dtype === "int32") return [-2147483648, 2147483647];
  return dtype === "uint8" ? [0, 255] : null;
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
