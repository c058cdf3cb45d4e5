// Views of the engine's memory, as the plain core uses them: fetched anew in each call, since growth may replace the memory.
import type { Pointer } from "../core.ts";
import { engine } from "../engine.ts";

export function float64(pointer: Pointer, length: number): Float64Array {
  return engine.memory.float64(pointer, length);
}

export function float32(pointer: Pointer, length: number): Float32Array {
  return engine.memory.float32(pointer, length);
}

export function int32(pointer: Pointer, length: number): Int32Array {
  return engine.memory.int32(pointer, length);
}

export function uint8(pointer: Pointer, length: number): Uint8Array {
  return engine.memory.uint8(pointer, length);
}
