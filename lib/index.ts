// Everything that `import … from "lectern"` gives.

// tensors, operations, gradients
export { grad, gradients } from "./autograd/backward.ts";
export { type CheckOptions, checkGradients, type GradientCheck } from "./autograd/check.ts";
export { noGrad } from "./autograd/graph.ts";
export { add, div, maximum, minimum, mul, pow, sub, where } from "./ops/arithmetic.ts";
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./ops/compare.ts";
export {
  abs,
  cast,
  ceil,
  clip,
  cos,
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
  sin,
  softplus,
  sqrt,
  square,
  tanh,
} from "./ops/elementwise.ts";
export { gather } from "./ops/indexing.ts";
export { linear, matmul } from "./ops/matmul.ts";
export { argMax, argMin, max, mean, min, std, sum, variance } from "./ops/reduce.ts";
export { concat, pad, reshape, squeeze, stack, transpose } from "./ops/shape.ts";
export { logSoftmax, softmax, softmaxCrossEntropy } from "./ops/softmax.ts";
export { arange, eye, full, linspace, oneHot, ones, tensor, variable, zeros } from "./tensor/create.ts";
export type { DType } from "./tensor/dtype.ts";
export { random, seed } from "./tensor/random.ts";
export type { Shape } from "./tensor/shape.ts";
export { Tensor } from "./tensor/tensor.ts";
