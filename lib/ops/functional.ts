// `functional`: operations whose plain names belong to layers, with the weights as arguments.
export {
  type AveragePoolOptions,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  globalAveragePool,
  globalMaxPool,
  sumPool1d,
  sumPool2d,
  sumPool3d,
} from "./averagePooling.ts";
export {
  type ConvolutionOptions,
  conv1d,
  conv2d,
  conv3d,
} from "./convolution.ts";
export { depthwiseConv2d, separableConv2d } from "./depthwiseConvolution.ts";
export { embedding, maskZero } from "./embedding.ts";
export {
  locallyConnected1d,
  locallyConnected2d,
  tiledConv1d,
  tiledConv2d,
} from "./localConvolution.ts";
export {
  type BatchNormOptions,
  batchNorm,
  groupNorm,
  instanceNorm,
  type LayerNormOptions,
  layerNorm,
  moments,
  type NormOptions,
  rmsNorm,
} from "./normalization.ts";
export {
  maxPool1d,
  maxPool2d,
  maxPool3d,
  maxPoolWithIndices,
  maxUnpool,
  type PoolOptions,
} from "./pooling.ts";
export { gru, gruGates } from "./recurrent/gru.ts";
export { lstm, lstmGates } from "./recurrent/lstm.ts";
export { simpleRnn } from "./recurrent/simpleRnn.ts";
export { localResponseNorm, type ResponseNormOptions } from "./responseNormalization.ts";
export { type StochasticPoolOptions, stochasticPool2d } from "./stochasticPooling.ts";
export {
  conv1dTranspose,
  conv2dTranspose,
  conv3dTranspose,
  type TransposedOptions,
} from "./transposedConvolution.ts";
export { resizeBilinear, upsample } from "./upsampling.ts";
