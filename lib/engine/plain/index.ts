// The plain core: what the compiled one does with float32, done with float64 by ordinary loops on the same memory. It is
// exact and slower (a matrix product some 40 times, thread against thread); it exists for checks of gradients and for numerics.
import type { Core, Engine, Windows } from "../core.ts";
import * as convolution from "./convolution.ts";
import {
  axpy,
  binary,
  binaryRow,
  binaryScalar,
  binaryStrided,
  broadcastBinary,
  clip,
  clipGradient,
  scalarBinary,
  scale,
  select,
  unary,
} from "./elementwise.ts";
import * as matrices from "./matrices.ts";
import { fill, float64Mover, scatterAddRows } from "./movement.ts";
import { optimizerStep } from "./optimizers.ts";
import * as pooling from "./pooling.ts";
import * as reductions from "./reduce.ts";
import * as softmaxes from "./softmax.ts";
import * as training from "./training.ts";

const { copy, gatherRows, transpose2d, copyStrided } = float64Mover;

const core = {
  ...matrices,
  ...{
    axpy,
    binary,
    binaryRow,
    binaryScalar,
    binaryStrided,
    clip,
    clipGradient,
    scalarBinary,
    scale,
    select,
  },
  ...{ unary, copy, gatherRows, transpose2d, fill, scatterAddRows },
  ...reductions,
  ...softmaxes,
  ...training,
  optimizerStep,
} satisfies Partial<Core>;

const windows: Windows = { ...convolution, ...pooling };

const operations = {
  binary: broadcastBinary,
  copyStrided,
} satisfies Partial<Engine>;

/** The kernels that there are for float32 and float64: those of the plain core. */
export type FloatCore = Pick<Core, keyof typeof core>;

/** The same with the operations that need planning. */
export type FloatEngine = Pick<Engine, keyof typeof operations | "windows"> & { readonly core: FloatCore };

export const plainEngine: FloatEngine = { ...operations, windows, core };
