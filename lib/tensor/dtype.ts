// Element types of tensors and the typed array that holds each of them.

/** The element type of a tensor. */
export type DType = "float32" | "int32" | "bool";

/** The typed arrays that numbers come from and go to. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

export const dtypes: readonly DType[] = ["float32", "int32", "bool"];

/** Bytes of one element in the engine's memory. Bool is held as float32 0 and 1, ready for arithmetic. */
export const bytesPerElement = 4;

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
