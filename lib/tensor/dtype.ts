// Element types of tensors and the typed array that holds each of them.

/** The element type of a tensor. */
export type DType = "float32" | "int32" | "bool";

/** The typed array that holds elements of a tensor outside the engine's memory. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** The typed array of one element type. */
export interface ArrayOf {
  float32: Float32Array;
  int32: Int32Array;
  bool: Uint8Array;
}

export const dtypes: readonly DType[] = ["float32", "int32", "bool"];

export const bytesPerElement: Readonly<Record<DType, number>> = { float32: 4, int32: 4, bool: 1 };

/** A new typed array of `length` zeros that holds elements of `dtype`. */
export function newArray(dtype: DType, length: number): TypedArray {
  if (dtype === "float32") return new Float32Array(length);
  return dtype === "int32" ? new Int32Array(length) : new Uint8Array(length);
}

/** The type that holds the values of both: bool < int32 < float32. */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  return a === "float32" || b === "float32" ? "float32" : "int32";
}

/** Checks a dtype that came from outside and suggests the one that was meant. */
export function checkDType(operation: string, dtype: string): DType {
  if ((dtypes as readonly string[]).includes(dtype)) return dtype as DType;
  const meant = {
    float: "float32",
    float64: "float32",
    double: "float32",
    f32: "float32",
    number: "float32",
  };
  const other = {
    int: "int32",
    int64: "int32",
    i32: "int32",
    long: "int32",
    boolean: "bool",
    uint8: "int32",
  };
  const guess = ({ ...meant, ...other } as Record<string, string>)[dtype.toLowerCase()];
  const hint = guess
    ? ` — did you mean "${guess}"?`
    : ` — known are ${dtypes.map((d) => `"${d}"`).join(", ")}`;
  throw new TypeError(`${operation}: unknown dtype "${dtype}"${hint}`);
}
