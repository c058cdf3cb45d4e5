// Which core computes with which element type: the one place where operations choose.
import { engine } from "../engine/engine.ts";
import { type FloatCore, type FloatEngine, plainEngine } from "../engine/plain/index.ts";
import { type Mover, uint8Mover } from "../engine/plain/movement.ts";
import type { DType } from "./dtype.ts";

/** The operations that need planning (convolution, broadcasting): compiled for float32, plain for float64. */
export function engineOf(dtype: DType): FloatEngine {
  return dtype === "float64" ? plainEngine : engine;
}

/** The kernels for numbers of this type: compiled for float32 and what is held in 4 bytes, plain for float64. */
export function coreOf(dtype: DType): FloatCore {
  return dtype === "float64" ? plainEngine.core : engine.core;
}

/** What copies, permutes and gathers elements of this type, whatever they mean. */
export function moverOf(dtype: DType): Mover {
  if (dtype === "uint8") return uint8Mover;
  return dtype === "float64" ? plainMover : compiledMover;
}

const plainMover: Mover = { ...plainEngine.core, copyStrided: plainEngine.copyStrided };

const compiledMover: Mover = {
  copy: (source, target, n) => engine.core.copy(source, target, n),
  gatherRows: (table, indices, out, count, columns) =>
    engine.core.gatherRows(table, indices, out, count, columns),
  transpose2d: (x, out, rows, columns) => engine.core.transpose2d(x, out, rows, columns),
  copyStrided: (...layout) => engine.copyStrided(...layout),
};
