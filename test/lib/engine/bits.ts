// Computations large enough for several threads, and the fingerprints of their results: the same bits are expected wherever
// the core runs. Runs in Node and, as a bundle, in a browser, so it imports what needs neither files nor native code.

import { elu, gelu, leakyRelu, silu } from "../../../lib/ops/activations.ts";
import { maximum, pow, where } from "../../../lib/ops/arithmetic.ts";
import { greater } from "../../../lib/ops/compare.ts";
import { dropout } from "../../../lib/ops/dropout.ts";
import {
  abs,
  exp,
  log1p,
  relu,
  sigmoid,
  softplus,
  sqrt,
  square,
  tanh,
} from "../../../lib/ops/elementwise.ts";
import * as functional from "../../../lib/ops/functional.ts";
import { gather } from "../../../lib/ops/gather.ts";
import { concat } from "../../../lib/ops/join.ts";
import { clip } from "../../../lib/ops/limits.ts";
import { meanSquaredError } from "../../../lib/ops/loss.ts";
import { linear, matmul } from "../../../lib/ops/matmul.ts";
import { pad } from "../../../lib/ops/padding.ts";
import { permute } from "../../../lib/ops/rearrange.ts";
import { argMax, max, mean, min, std, sum } from "../../../lib/ops/reduce.ts";
import { cumSum } from "../../../lib/ops/scan.ts";
import { transpose } from "../../../lib/ops/shape.ts";
import { logSoftmax, softmax, softmaxCrossEntropy } from "../../../lib/ops/softmax.ts";
import { sort } from "../../../lib/ops/sort.ts";
import { erf } from "../../../lib/ops/special.ts";
import { logSumExp } from "../../../lib/ops/statistics.ts";
import { cos, sin, tan } from "../../../lib/ops/trigonometry.ts";
import { adadelta } from "../../../lib/optim/adadelta.ts";
import { adagrad } from "../../../lib/optim/adagrad.ts";
import { adam, adamW } from "../../../lib/optim/adam.ts";
import { adamax } from "../../../lib/optim/adamax.ts";
import { nadam } from "../../../lib/optim/nadam.ts";
import type { Optimizer } from "../../../lib/optim/optimizer.ts";
import { rmsprop } from "../../../lib/optim/rmsprop.ts";
import { sgd } from "../../../lib/optim/sgd.ts";
import { random, seed } from "../../../lib/random/random.ts";
import { oneHot, variable } from "../../../lib/tensor/create.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";

type Call = (...inputs: Tensor[]) => Tensor | Tensor[];

/** Results of a call on normal numbers of these shapes, and the gradients of all its inputs. */
function both(call: Call, ...shapes: number[][]): () => Tensor[] {
  return () => {
    const inputs = shapes.map((shape) => variable(random.normal(shape)));
    const results = [call(...inputs)].flat();
    const weighted = results.map((result) =>
      sum(result.mul(random.uniform(result.shape, { low: -1, high: 1 }))),
    );
    weighted.reduce((total, one) => total.add(one)).backward();
    return [...results, ...inputs.map((input) => input.grad!)];
  };
}

/** Results alone, where there is no gradient. */
function forward(call: Call, ...shapes: number[][]): () => Tensor[] {
  return () => [call(...shapes.map((shape) => random.normal(shape)))].flat();
}

const large = [997, 331];

/** An MLP on random numbers, some steps: losses and weights. */
function training(make: (parameters: Tensor[]) => Optimizer): () => Tensor[] {
  return () => {
    const x = random.normal([128, 200]);
    const labels = random.integers([128], { low: 0, high: 10 });
    const layer = (rows: number, columns: number) => [
      variable(random.normal([rows, columns], { std: 1 / Math.sqrt(rows) })),
      variable(random.normal([columns], { std: 0.1 })),
    ];
    const weights = [...layer(200, 256), ...layer(256, 10)];
    const [w1, b1, w2, b2] = weights as [Tensor, Tensor, Tensor, Tensor];
    const optimizer = make(weights);
    const losses: Tensor[] = [];
    for (let step = 0; step < 4; step++) {
      optimizer.zeroGrad();
      const hidden = dropout(linear(x, w1, b1, { activation: "relu" }), 0.3, true);
      const loss = softmaxCrossEntropy(linear(hidden, w2, b2), labels);
      loss.backward();
      optimizer.step();
      losses.push(loss);
    }
    return [...losses, ...weights];
  };
}

const recurrent =
  (call: (x: Tensor, weights: { kernel: Tensor; recurrentKernel: Tensor; bias: Tensor }) => Tensor[]) =>
  (x: Tensor, kernel: Tensor, recurrentKernel: Tensor, bias: Tensor) =>
    call(x, { kernel: kernel.mul(0.2), recurrentKernel: recurrentKernel.mul(0.1), bias });

export const computations: Readonly<Record<string, () => Tensor[]>> = {
  "random numbers": () => [
    random.uniform(large),
    random.normal(large),
    random.truncatedNormal([5000]),
    random.integers([5000], { low: 0, high: 99 }),
    random.permutation(5000),
    random.gamma([2000], { alpha: 2.5 }),
  ],

  "product a · b": both(matmul, [257, 391], [391, 515]),
  "product aᵀ · b": both((a, b) => matmul(transpose(a), b), [391, 257], [391, 515]),
  "product a · bᵀ": both((a, b) => matmul(a, transpose(b)), [257, 391], [515, 391]),
  "product of stacks": both(matmul, [13, 65, 70], [13, 70, 49]),
  "narrow product": both(matmul, [3001, 5], [5, 3]),
  "dense layer with relu": both(
    (x, w, b) => linear(x, w, b, { activation: "relu" }),
    [301, 211],
    [211, 307],
    [307],
  ),

  conv1d: both(
    (x, w, bias) => functional.conv1d(x, w, { bias, padding: "causal", dilation: 2 }),
    [9, 300, 17],
    [5, 17, 33],
    [33],
  ),
  conv2d: both(
    (x, w, bias) => functional.conv2d(x, w, { bias, padding: "same", activation: "relu" }),
    [16, 19, 17, 16],
    [3, 3, 16, 35],
    [35],
  ),
  "conv2d, Winograd": both(
    (x, w, bias) => functional.conv2d(x, w, { bias, padding: "same", activation: "relu" }),
    [16, 19, 17, 16],
    [3, 3, 16, 40],
    [40],
  ),
  "conv2d, Winograd with thin last tiles": both(
    (x, w) => functional.conv2d(x, w),
    [26, 13, 21, 72],
    [3, 3, 72, 24],
  ),
  "conv2d with strides": both(
    (x, w) => functional.conv2d(x, w, { strides: [2, 3] }),
    [16, 29, 31, 3],
    [5, 4, 3, 40],
  ),
  "conv2d onto three filters": both(
    (x, w) => functional.conv2d(x, w, { padding: "same" }),
    [9, 21, 20, 39],
    [3, 5, 39, 3],
  ),
  "conv2d with single taps": both((x, w) => functional.conv2d(x, w), [9, 21, 20, 70], [1, 1, 70, 66]),
  "conv2d in groups": both((x, w) => functional.conv2d(x, w, { groups: 3 }), [9, 21, 20, 24], [3, 3, 8, 30]),
  "conv2d dilated": both(
    (x, w) => functional.conv2d(x, w, { dilation: 3, padding: "same" }),
    [9, 24, 24, 24],
    [3, 3, 24, 16],
  ),
  "depthwise convolution": both(
    (x, w) => functional.depthwiseConv2d(x, w, { padding: "same" }),
    [9, 23, 22, 40],
    [3, 3, 40, 1],
  ),
  conv3d: both((x, w) => functional.conv3d(x, w), [5, 9, 10, 11, 7], [3, 2, 3, 7, 18]),
  "transposed convolution": both(
    (x, w) => functional.conv2dTranspose(x, w, { strides: 2 }),
    [9, 13, 12, 20],
    [3, 3, 17, 20],
  ),
  "maximum pooling": both((x) => functional.maxPool2d(x, { poolSize: 3, strides: 2 }), [16, 25, 27, 33]),
  "average pooling": both(
    (x) => functional.avgPool2d(x, { poolSize: 3, strides: 2, padding: "same" }),
    [16, 25, 27, 33],
  ),
  "global pooling": both((x) => functional.globalAveragePool(x), [16, 25, 27, 33]),

  lstm: both(
    recurrent((x, weights) => {
      const { outputs, c } = functional.lstm(x, weights);
      return [outputs, c];
    }),
    ...[[37, 13, 21], [21, 4 * 70], [70, 4 * 70], [4 * 70]],
  ),
  gru: both(
    recurrent((x, weights) => [functional.gru(x, weights).outputs]),
    ...[
      [37, 13, 21],
      [21, 3 * 50],
      [50, 3 * 50],
      [2, 3 * 50],
    ],
  ),
  simpleRnn: both(
    recurrent((x, weights) => [functional.simpleRnn(x, weights).outputs]),
    ...[[37, 13, 21], [21, 65], [65, 65], [65]],
  ),

  batchNorm: both(
    (x, gamma, beta) => functional.batchNorm(x, { ...functional.moments(x, [0, 1, 2]), gamma, beta }),
    [16, 25, 27, 33],
    [33],
    [33],
  ),
  layerNorm: both((x, gamma, beta) => functional.layerNorm(x, { gamma, beta }), large, [331], [331]),
  groupNorm: both((x) => functional.groupNorm(x, 3), [16, 25, 27, 33]),
  rmsNorm: both((x) => functional.rmsNorm(x), large),
  softmax: both((x) => [softmax(x), logSoftmax(x)], large),
  "softmax of axis 0": both((x) => softmax(x, 0), large),
  "cross-entropy": both(
    (x) => [
      softmaxCrossEntropy(x, random.integers([997], { low: 0, high: 331 })),
      softmaxCrossEntropy(x, oneHot(random.integers([997], { low: 0, high: 331 }), 331)),
    ],
    large,
  ),
  "mean squared error": both((a, b) => meanSquaredError(a, b), large, large),
  embedding: both(
    (table) => functional.embedding(random.integers([3000], { low: 0, high: 500 }), table),
    [500, 67],
  ),

  sums: both((x) => [sum(x), sum(x, 0), sum(x, 1), mean(x, 0), mean(x), std(x), std(x, 0)], large),
  extremes: both((x) => [max(x), max(x, 0), max(x, 1), min(x, 0), min(x, 1)], large),
  argMax: forward((x) => [argMax(x, 0), argMax(x, 1)], large),
  "middle axis": both((x) => [sum(x, 1), max(x, 1)], [37, 91, 53]),
  logSumExp: both((x) => logSumExp(x, 1), large),
  "cumulative sums": both((x) => [cumSum(x, 0), cumSum(x, 1)], large),
  sort: both((x) => sort(x), large),

  "functions of one number": both(
    (x) => [exp(x), tanh(x), sigmoid(x), softplus(x), erf(x), gelu(x), silu(x), sin(x), cos(x), tan(x)],
    large,
  ),
  "more functions of one number": both(
    (x) => [
      relu(x),
      square(x),
      sqrt(abs(x).add(0.1)),
      log1p(square(x)),
      elu(x),
      leakyRelu(x),
      clip(x, -1, 1),
    ],
    large,
  ),
  "functions of two numbers": both(
    (a, b) => [a.add(b), a.sub(b), a.mul(b), a.div(square(b).add(1)), maximum(a, b), pow(abs(a).add(0.1), b)],
    large,
    large,
  ),
  broadcasting: both(
    (a, row, column) => [a.mul(row), a.add(column), row.mul(column)],
    large,
    [331],
    [997, 1],
  ),
  choosing: both((a, b) => where(greater(a, b), a, b.mul(2)), large, large),
  moving: both(
    (x) => [transpose(x), permute(x.reshape([7, 51, 26]), [2, 0, 1]), pad(x, 3), concat([x, x.mul(2)], 1)],
    [119, 78],
  ),
  gathering: both((x) => gather(x, random.integers([2000], { low: 0, high: 997 })), large),
  dropout: both((x) => dropout(x, 0.4, true), large),

  "training with sgd": training((w) => sgd(w, { learningRate: 0.1 })),
  "training with momentum": training((w) => sgd(w, { learningRate: 0.05, momentum: 0.9 })),
  "training with Nesterov": training((w) => sgd(w, { learningRate: 0.05, momentum: 0.9, nesterov: true })),
  "training with adam": training((w) => adam(w, { learningRate: 0.01 })),
  "training with amsgrad": training((w) => adam(w, { learningRate: 0.01, amsgrad: true })),
  "training with adamW": training((w) => adamW(w, { weightDecay: 0.1 })),
  "training with nadam": training((w) => nadam(w)),
  "training with adamax": training((w) => adamax(w)),
  "training with rmsprop": training((w) => rmsprop(w, { momentum: 0.5 })),
  "training with adagrad": training((w) => adagrad(w)),
  "training with adadelta": training((w) => adadelta(w, { learningRate: 1 })),
  "training with clipped gradients": training((w) => sgd(w, { learningRate: 0.1, globalClipNorm: 0.5 })),
};

/** A number for the bits of results (FNV-1a over 32-bit words, twice 32 bits); throws when they are not all finite. */
function fingerprint(results: Tensor[]): string {
  let [low, high] = [0x811c9dc5, 0x9747b28c];
  for (const result of results) {
    const data = result.data();
    if (!data.every((value) => Number.isFinite(value))) throw new Error("a result is not finite");
    for (const word of new Uint32Array(data.slice().buffer)) {
      low = Math.imul(low ^ word, 0x01000193);
      high = Math.imul(high ^ (word >>> 3) ^ low, 0x01000193);
    }
  }
  return [low, high].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The fingerprints of all computations, by name. */
export function fingerprints(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(computations).map(([name, compute], index) => {
      seed(index);
      return [name, fingerprint(compute())];
    }),
  );
}
