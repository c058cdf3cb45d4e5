// Everything that `import … from "lectern"` gives.

// tensors, operations, gradients
export { grad, gradients } from "./autograd/backward.ts";
export { noGrad } from "./autograd/graph.ts";
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./ops/compare.ts";
export {
  abs,
  add,
  cast,
  clip,
  cos,
  div,
  exp,
  floor,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  relu,
  round,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  sub,
  tanh,
  where,
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
