// The table from a task's number to the function that runs one of its chunks.
// A switch over direct calls, because V8 optimises these in the worker's endless loop and an indirect call would not be inlined there.
import { argReduceChunk } from "./extremes";
import { binaryChunk, binaryRowChunk } from "./binary";
import { columnSumsChunk } from "./column-sums";
import { convolveChunk } from "./convolution";
import { depthwiseChunk, depthwiseGradientChunk } from "./depthwise";
import { axpyChunk, clipChunk, scaleChunk, selectChunk, unaryChunk } from "./elementwise";
import { stridedChunk } from "./strided";
import { filterGradientChunk } from "./filter-gradient";
import { gemmChunk } from "./gemm";
import { gatherChunk, transposeChunk } from "./movement";
import { adamChunk, sgdChunk } from "./optimizers";
import { sumPartsChunk } from "./parts";
import { maxPoolChunk, maxPoolGradientChunk, maxPoolWinnersChunk } from "./pooling";
import { dropoutChunk, normalChunk, uniformChunk } from "./random";
import { reduceChunk, sumChunk } from "./reduce";
import { softmaxChunk, softmaxGradientChunk } from "./softmax";

export const GEMM = 0;
export const COLUMN_SUMS = 1;
export const CONVOLVE = 2;
export const FILTER_GRADIENT = 3;
export const SUM_PARTS = 4;
export const DEPTHWISE = 5;
export const MAX_POOL = 6;
export const MAX_POOL_GRADIENT = 7;
export const UNARY = 8;
export const BINARY = 9;
export const BINARY_ROW = 10;
export const STRIDED = 11;
export const AXPY = 12;
export const SCALE = 13;
export const CLIP = 14;
export const SELECT = 15;
export const TRANSPOSE = 16;
export const GATHER = 17;
export const REDUCE = 18;
export const ARG_REDUCE = 19;
export const SUM = 20;
export const SOFTMAX = 21;
export const SOFTMAX_GRADIENT = 22;
export const UNIFORM = 23;
export const NORMAL = 24;
export const DROPOUT = 25;
export const SGD = 26;
export const ADAM = 27;
export const DEPTHWISE_GRADIENT = 28;
export const MAX_POOL_WINNERS = 29;

export function runChunk(task: i32, chunk: i32): void {
  switch (task) {
    case GEMM: gemmChunk(chunk); return;
    case COLUMN_SUMS: columnSumsChunk(chunk); return;
    case CONVOLVE: convolveChunk(chunk); return;
    case FILTER_GRADIENT: filterGradientChunk(chunk); return;
    case SUM_PARTS: sumPartsChunk(chunk); return;
    case DEPTHWISE: depthwiseChunk(chunk); return;
    case DEPTHWISE_GRADIENT: depthwiseGradientChunk(chunk); return;
    case MAX_POOL: maxPoolChunk(chunk); return;
    case MAX_POOL_WINNERS: maxPoolWinnersChunk(chunk); return;
    case MAX_POOL_GRADIENT: maxPoolGradientChunk(chunk); return;
    case UNARY: unaryChunk(chunk); return;
    case BINARY: binaryChunk(chunk); return;
    case BINARY_ROW: binaryRowChunk(chunk); return;
    case STRIDED: stridedChunk(chunk); return;
    case AXPY: axpyChunk(chunk); return;
    case SCALE: scaleChunk(chunk); return;
    case CLIP: clipChunk(chunk); return;
    case SELECT: selectChunk(chunk); return;
    case TRANSPOSE: transposeChunk(chunk); return;
    case GATHER: gatherChunk(chunk); return;
    case REDUCE: reduceChunk(chunk); return;
    case ARG_REDUCE: argReduceChunk(chunk); return;
    case SUM: sumChunk(chunk); return;
    case SOFTMAX: softmaxChunk(chunk); return;
    case SOFTMAX_GRADIENT: softmaxGradientChunk(chunk); return;
    case UNIFORM: uniformChunk(chunk); return;
    case NORMAL: normalChunk(chunk); return;
    case DROPOUT: dropoutChunk(chunk); return;
    case SGD: sgdChunk(chunk); return;
    case ADAM: adamChunk(chunk); return;
  }
}
