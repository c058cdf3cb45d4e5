// What the compiled core exports; lib/engine/core.ts describes it for TypeScript.
export { quit, rest, setThreadLimit, setup, setWide, workerDied, workerLoop, workersReady } from "./pool";
export { gemm } from "./gemm";
export { reluMaskAndBiasGradient } from "./column-sums";
export { convolve, packFilters } from "./convolution";
export { depthwise, depthwiseFilterGradient, orderTaps } from "./depthwise";
export { filterGradient, filterGradientWorkspace } from "./filter-gradient";
export { maxPool, maxPoolGradient, maxPoolWinners } from "./pooling";
export { binary, binaryRow, binaryScalar, scalarBinary } from "./binary";
export { axpy, clip, clipGradient, scale, select, unary } from "./elementwise";
export { binaryStrided, copyStrided } from "./strided";
export {
  copy, fill, findIndexOutside, float32ToBool, float32ToInt32, gatherRows, int32ToFloat32, scatterAddRows, transpose2d,
  uint8ToFloat32,
} from "./movement";
export { reduce } from "./reduce";
export { squaredNorm, sum } from "./total";
export { meanSquaredError, softmax, softmaxCrossEntropy, softmaxCrossEntropyDense, softmaxGradient } from "./softmax";
export { dropout, philoxBlock, randomNormal, randomUniform } from "./random";
export { adam, sgd } from "./optimizers";
export { recurrentForward, recurrentSteps } from "./recurrent";
export { recurrentBackward } from "./recurrent-gradient";
export { optimizerStep } from "./optimizer-rules";
export { winograd, winogradWorkspace } from "./winograd";
export { winogradGradient, winogradGradientWorkspace } from "./winograd-gradient";
