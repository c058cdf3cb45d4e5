// What the compiled core exports; lib/engine/core.ts describes it for TypeScript.
export { quit, rest, setThreadLimit, setup, setWide, workerDied, workerLoop, workersReady } from "./pool";
export { gemm, reluMaskAndBiasGradient } from "./gemm";
export { convolve, filterGradient, filterGradientWorkspace, packFilters, packFlippedFilters, padImages } from "./conv2d";
export { maxPool, maxPoolGradient } from "./pooling";
export { axpy, binary, binaryRow, binaryScalar, clip, clipGradient, scalarBinary, scale, select, unary } from "./elementwise";
export { binaryStrided, copyStrided } from "./strided";
export {
  copy, fill, findIndexOutside, float32ToBool, float32ToInt32, gatherRows, int32ToFloat32, scatterAddRows, transpose2d,
  uint8ToFloat32,
} from "./movement";
export { reduce, squaredNorm, sum } from "./reduce";
export { meanSquaredError, softmax, softmaxCrossEntropy, softmaxCrossEntropyDense, softmaxGradient } from "./softmax";
export { dropout, philoxBlock, randomNormal, randomUniform } from "./random";
export { adam, sgd } from "./optimizers";
