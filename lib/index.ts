// Everything that `import … from "lectern"` gives.

// tensors, operations, gradients
export { gradients } from "./autograd/backward.ts";
export { asOperation, type Captured, capture } from "./autograd/capture.ts";
export { type CheckOptions, checkGradients, type GradientCheck } from "./autograd/check.ts";
export { customGradient, stopGradient } from "./autograd/custom.ts";
export { drawGraph } from "./autograd/draw.ts";
export { grad, hessian, hvp, jacobian, jvp, valueAndGrad, vjp } from "./autograd/functional.ts";
export { noGrad } from "./autograd/graph.ts";
export { perSampleGradients } from "./autograd/perSample.ts";
export { Scalar, scalar } from "./autograd/scalar.ts";
export type { StaticGraph } from "./autograd/staticGraph.ts";
export { traceNaN } from "./autograd/traceNaN.ts";
export * as engine from "./engine/controls.ts";
export type { EngineReport } from "./engine/report.ts";
export * as fft from "./fft/fft.ts";
export { clipByGlobalNorm, clipByNorm } from "./linalg/clipByNorm.ts";
export { autocorrelation, corrcoef, cov } from "./linalg/covariance.ts";
export { diag, diagonal, trace, tril, triu } from "./linalg/diagonal.ts";
export * as linalg from "./linalg/linalg.ts";
export { norm } from "./linalg/norm.ts";
export { cross, dot, inner, kron, outer } from "./linalg/products.ts";
export {
  elu,
  gelu,
  hardSigmoid,
  hardTanh,
  leakyRelu,
  maxout,
  mish,
  selu,
  silu,
  silu as swish,
} from "./ops/activations.ts";
export { div, mul, pow, sub, where } from "./ops/arithmetic.ts";
export { cast } from "./ops/cast.ts";
export { allClose, type ClosenessOptions } from "./ops/closeness.ts";
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./ops/compare.ts";
export { einsum, tensordot } from "./ops/einsum.ts";
export {
  abs,
  ceil,
  exp,
  expm1,
  floor,
  log,
  log1p,
  neg,
  relu,
  round,
  sigmoid,
  sign,
  softplus,
  sqrt,
  square,
  tanh,
  trunc,
} from "./ops/elementwise.ts";
export { cbrt, exp2, frac, log2, log10, reciprocal, rsqrt } from "./ops/exponential.ts";
export * as functional from "./ops/functional.ts";
export { gather } from "./ops/gather.ts";
export { type Histogram, type HistogramOptions, histogram } from "./ops/histogram.ts";
export { convolutionMatrix, im2col } from "./ops/im2col.ts";
export { at, slice } from "./ops/indexing.ts";
export { concat, stack } from "./ops/join.ts";
export { clip, minMaxScale, type NanToNumOptions, nanToNum, type ScaleOptions } from "./ops/limits.ts";
export {
  all,
  any,
  countNonzero,
  finitePlaces as isFinite,
  isInf,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  nanPlaces as isNaN,
} from "./ops/logic.ts";
export { argWhere, compress, maskedFill, maskedSelect, nonZero, without } from "./ops/masks.ts";
export { linear, matmul } from "./ops/matmul.ts";
export { nanMax, nanMin, nanStd, nanVariance } from "./ops/nanStatistics.ts";
export { type PadOptions, pad } from "./ops/padding.ts";
export { atan2, floorDivide, fmax, fmin, fmod, hypot, lerp, logAddExp, mod } from "./ops/pairs.ts";
export { median, percentile, type QuantileMethod, type QuantileOptions, quantile } from "./ops/quantile.ts";
export {
  flip,
  moveAxis,
  permute,
  repeat,
  roll,
  rot90,
  slidingWindow,
  swapAxes,
  tile,
} from "./ops/rearrange.ts";
export { argMax, argMin, max, mean, min, std, sum, variance } from "./ops/reduce.ts";
export { cumMax, cumMin, cumProd, cumSum, diff } from "./ops/scan.ts";
export { scatter, scatterAdd, takeAlongAxis } from "./ops/scatter.ts";
export type { Index, Range } from "./ops/selection.ts";
export { broadcastTo, expandDims, squeeze, transpose } from "./ops/shape.ts";
export { type ConvolveMode, convolve, convolve2d, correlate, correlate2d } from "./ops/signal.ts";
export { logSoftmax, softmax, softmaxCrossEntropy } from "./ops/softmax.ts";
export { argSort, type SortOptions, sort, type TopKOptions, topK } from "./ops/sort.ts";
export { digamma, erf, erfc, lgamma } from "./ops/special.ts";
export { chunk, split, unstack } from "./ops/split.ts";
export { logSumExp, nanMean, nanSum, prod } from "./ops/statistics.ts";
export { type ClippedLinearOptions, clippedLinear, softThreshold, step } from "./ops/thresholds.ts";
export { acos, acosh, asin, asinh, atan, atanh, cos, cosh, sin, sinh, tan } from "./ops/trigonometry.ts";
export { bincount, digitize, searchSorted, type Unique, unique } from "./ops/unique.ts";
export { random, seed } from "./random/random.ts";
export type { Complex } from "./tensor/complex.ts";
export { eye, full, oneHot, ones, tensor, variable, zeros } from "./tensor/create.ts";
export type { DType } from "./tensor/dtype.ts";
export {
  fromFunction,
  fullLike,
  indices,
  meshgrid,
  onesLike,
  tri,
  zerosLike,
} from "./tensor/patterns.ts";
export { arange, geomspace, linspace, logspace } from "./tensor/ranges.ts";
export type { Shape } from "./tensor/shape.ts";
export { scope } from "./tensor/storage.ts";
export { Tensor } from "./tensor/tensor.ts";

// probability

export { Categorical } from "./probability/categorical.ts";
export { bernoulliKl, likelihood, logLikelihood, normalKl } from "./probability/closedForms.ts";
export { ContinuousDistribution } from "./probability/continuous.ts";
export { freedmanDiaconis, KernelDensity, kernelDensity } from "./probability/density.ts";
export { DiscreteDistribution } from "./probability/discrete.ts";
export * as distributions from "./probability/distributions.ts";
export { ContinuousFamily, DiscreteFamily } from "./probability/family.ts";
export {
  crossEntropy,
  entropy,
  jensenShannonDivergence,
  klDivergence,
} from "./probability/information.ts";
export { integrate, simpson, trapezoid } from "./probability/integration.ts";
export { JointTable, jointTable } from "./probability/jointTable.ts";
export { Multinomial, MultinomialFamily } from "./probability/multinomial.ts";
export { MultivariateNormal, MultivariateNormalFamily } from "./probability/multivariateNormal.ts";
export type { RandomGenerator } from "./random/generator.ts";
export { isProbabilityDistribution } from "./random/probabilities.ts";
export * as special from "./special/special.ts";

// layers, models, losses

export { activation } from "./nn/activationLayer.ts";
export type { Activation, ActivationName } from "./nn/activations.ts";
export {
  gradientPenalty,
  type MinimaxOptions,
  minimaxDiscriminatorLoss,
  minimaxGeneratorLoss,
  wassersteinCriticLoss,
  wassersteinGeneratorLoss,
} from "./nn/adversarialLosses.ts";
export { avgPool1d, avgPool2d, avgPool3d } from "./nn/avgPool.ts";
export { batchNormalization } from "./nn/batchNormalization.ts";
export { bidirectional } from "./nn/bidirectional.ts";
export { conv1d, conv2d, conv3d } from "./nn/conv.ts";
export { conv2dTranspose } from "./nn/conv2dTranspose.ts";
export { dense } from "./nn/dense.ts";
export { depthwiseConv2d, separableConv2d } from "./nn/depthwiseConv2d.ts";
export { dropout } from "./nn/dropout.ts";
export { embedding } from "./nn/embedding.ts";
export { flatten } from "./nn/flatten.ts";
export { type FunctionalModel, type MultiOutputModel, model } from "./nn/functionalModel.ts";
export { gaussianNoise } from "./nn/gaussianNoise.ts";
export {
  globalAvgPool1d,
  globalAvgPool2d,
  globalAvgPool3d,
  globalMaxPool1d,
  globalMaxPool2d,
  globalMaxPool3d,
} from "./nn/globalPool.ts";
export { gru } from "./nn/gru.ts";
export type { Initializer } from "./nn/initializers.ts";
export { input } from "./nn/input.ts";
export { Layer } from "./nn/layer.ts";
export { layerNormalization } from "./nn/layerNormalization.ts";
export {
  binaryCrossentropy,
  categoricalCrossentropy,
  crossEntropyLoss,
  meanAbsoluteError,
  meanSquaredError,
  nllLoss,
  sparseCategoricalCrossentropy,
} from "./nn/losses.ts";
export { lstm } from "./nn/lstm.ts";
export { maxPool1d, maxPool2d, maxPool3d } from "./nn/maxPool.ts";
export { add, average, concatenate, maximum, minimum, multiply, subtract } from "./nn/merge.ts";
export type { ModelNode } from "./nn/modelNode.ts";
export { Module } from "./nn/module.ts";
export { gaussianNllLoss, huber, klDivergenceLoss } from "./nn/moreLosses.ts";
export { prelu } from "./nn/prelu.ts";
export { repeatVector } from "./nn/repeatVector.ts";
export { reshape } from "./nn/reshape.ts";
export { type Sequential, sequential } from "./nn/sequential.ts";
export { simpleRnn } from "./nn/simpleRnn.ts";
export * as initializers from "./nn/startingValues.ts";
export type { SymbolicTensor } from "./nn/symbolic.ts";
export type { LossOptions, Reduction } from "./nn/targets.ts";
export { timeDistributed } from "./nn/timeDistributed.ts";
export { upSampling2d } from "./nn/upSampling2d.ts";
export type { WeightPlan } from "./nn/weights.ts";
export { zeroPadding2d } from "./nn/zeroPadding2d.ts";

// optimizers and training

export { adadelta } from "./optim/adadelta.ts";
export { adagrad } from "./optim/adagrad.ts";
export { adam, adamW } from "./optim/adam.ts";
export { adamax } from "./optim/adamax.ts";
export { type Lbfgs, lbfgs } from "./optim/lbfgs.ts";
export { nadam } from "./optim/nadam.ts";
export { Optimizer, type Schedule } from "./optim/optimizer.ts";
export { rmsprop } from "./optim/rmsprop.ts";
export { sgd } from "./optim/sgd.ts";
export type { Callback, Training } from "./train/callbacks.ts";
export type { History, Logs } from "./train/history.ts";
export { Model } from "./train/model.ts";

// checks

export { Check, check, type Expected } from "./check/check.ts";
export { CheckError } from "./check/report.ts";

// data and metrics

export { batches } from "./data/batches.ts";
export { Dataset, trainTestSplit } from "./data/dataset.ts";
export * as datasets from "./data/datasets.ts";
export { ConfusionMatrix, confusionMatrix } from "./metrics/confusion.ts";
export { DiagnosticTest, diagnosticTest } from "./metrics/diagnosticTest.ts";
export { PrecisionRecallCurve, precisionRecallCurve } from "./metrics/precisionRecall.ts";
export { rankAuc } from "./metrics/rankAuc.ts";
export { Rates } from "./metrics/rates.ts";
export { type RegressionMetrics, regressionMetrics } from "./metrics/regression.ts";
export { RocCurve, RocCurves, rocCurve, rocCurves } from "./metrics/roc.ts";
export { ThresholdSweep, thresholdSweep } from "./metrics/thresholdSweep.ts";
export { topKAccuracy } from "./metrics/topK.ts";

// pictures, charts, progress

export type { Animation } from "./plot/animation.ts";
export type { Displayable, MimeBundle } from "./plot/bundle.ts";
export { featureMaps } from "./plot/featureMaps.ts";
export { filters } from "./plot/filters.ts";
export { show } from "./plot/grid.ts";
export { learningCurves } from "./plot/history.ts";
export { plot } from "./plot/plot.ts";
export { progress } from "./plot/progress.ts";
