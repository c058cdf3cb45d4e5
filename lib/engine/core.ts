// What the compiled compute core exports, and the shape of the one object (`engine`) that the rest of lib uses.
// Pointers are byte offsets in the core's memory. Unless said otherwise data is float32, dense and row-major;
// lengths, sizes and leading dimensions count elements, and an output may be the same block as an input of the same layout.
import * as codes from "./opcodes.ts";
import type { Verdict } from "./self-check.ts";

/** A byte offset in the core's memory; 0 stands for "none" where an argument is optional. */
export type Pointer = number;

/** Operations of {@link Core.unary}. `round` goes to the even neighbour at .5, as NumPy does. */
export const Unary = {
  neg: codes.NEG,
  abs: codes.ABS,
  square: codes.SQUARE,
  sqrt: codes.SQRT,
  reciprocal: codes.RECIPROCAL,
  relu: codes.RELU,
  sign: codes.SIGN,
  floor: codes.FLOOR,
  ceil: codes.CEIL,
  round: codes.ROUND,
  exp: codes.EXP,
  log: codes.LOG,
  sigmoid: codes.SIGMOID,
  tanh: codes.TANH,
  softplus: codes.SOFTPLUS,
  sin: codes.SIN,
  cos: codes.COS,
  log1p: codes.LOG1P,
  expm1: codes.EXPM1,
  tan: codes.TAN,
  asin: codes.ASIN,
  acos: codes.ACOS,
  atan: codes.ATAN,
  sinh: codes.SINH,
  cosh: codes.COSH,
  asinh: codes.ASINH,
  acosh: codes.ACOSH,
  atanh: codes.ATANH,
  exp2: codes.EXP2,
  log2: codes.LOG2,
  log10: codes.LOG10,
  cbrt: codes.CBRT,
  trunc: codes.TRUNC,
  rsqrt: codes.RSQRT,
  silu: codes.SILU,
  erf: codes.ERF,
  gelu: codes.GELU,
} as const;

/**
 * Operations of the binary functions. Comparisons give 1 or 0 as float32.
 * `leakyRelu` and `elu` take (x, slope) and (x, alpha).
 * The fused gradients take (dy, y) where y is what the forward pass gave: `reluGradient` dy·[y > 0],
 * `sigmoidGradient` dy·y·(1 − y), `tanhGradient` dy·(1 − y²).
 */
export const Binary = {
  add: codes.ADD,
  sub: codes.SUB,
  mul: codes.MUL,
  div: codes.DIV,
  max: codes.MAX,
  min: codes.MIN,
  pow: codes.POW,
  greater: codes.GREATER,
  greaterEqual: codes.GREATER_EQUAL,
  less: codes.LESS,
  lessEqual: codes.LESS_EQUAL,
  equal: codes.EQUAL,
  notEqual: codes.NOT_EQUAL,
  leakyRelu: codes.LEAKY_RELU,
  elu: codes.ELU,
  reluGradient: codes.RELU_GRADIENT,
  sigmoidGradient: codes.SIGMOID_GRADIENT,
  tanhGradient: codes.TANH_GRADIENT,
} as const;

/** Operations of {@link Core.reduce}; argMax and argMin write int32 and take the first of equals. */
export const Reduce = {
  sum: codes.REDUCE_SUM,
  mean: codes.REDUCE_MEAN,
  max: codes.REDUCE_MAX,
  min: codes.REDUCE_MIN,
  argMax: codes.REDUCE_ARGMAX,
  argMin: codes.REDUCE_ARGMIN,
} as const;

/** Update rules of {@link Core.optimizerStep}. */
export const Step = {
  nesterov: codes.STEP_NESTEROV,
  rmsprop: codes.STEP_RMSPROP,
  adagrad: codes.STEP_ADAGRAD,
  adadelta: codes.STEP_ADADELTA,
  adamax: codes.STEP_ADAMAX,
  adam: codes.STEP_ADAM,
} as const;

export type StepCode = (typeof Step)[keyof typeof Step];
export type UnaryCode = (typeof Unary)[keyof typeof Unary];
export type BinaryCode = (typeof Binary)[keyof typeof Binary];
export type ReduceCode = (typeof Reduce)[keyof typeof Reduce];

/** 0 or 1: WebAssembly takes numbers, no booleans. */
export type Flag = 0 | 1;

/** What the compiled module exports and the library calls directly. */
export interface Core {
  // ---- matrices (gemm.ts)

  /**
   * c[m, n] = activation(op(a) · op(b) + bias), op(a) being [m, k] and op(b) [k, n].
   * With transA, a is stored [k, m]; with transB, b is stored [n, k]. Leading dimensions are those of the stored matrices.
   * accumulate adds to c; bias is [n] or 0; relu applies max(0, ·) last. c must not overlap a or b. Any size, also 0.
   */
  gemm(
    transA: Flag,
    transB: Flag,
    a: Pointer,
    lda: number,
    b: Pointer,
    ldb: number,
    c: Pointer,
    ldc: number,
    m: number,
    n: number,
    k: number,
    accumulate: Flag,
    bias: Pointer,
    relu: Flag,
  ): void;
  /** out[columns, rows] = x[rows, columns] transposed (not in place). */
  transpose2d(x: Pointer, out: Pointer, rows: number, columns: number): void;
  /**
   * dBias[columns] = sum over rows of dy, after dy was masked in place with y > 0 when hasRelu is 1 (y: the output of the
   * layer, same shape as dy; ignored when hasRelu is 0). dBias may be 0 when only the mask is wanted.
   */
  reluMaskAndBiasGradient(
    dy: Pointer,
    y: Pointer,
    dBias: Pointer,
    rows: number,
    columns: number,
    hasRelu: Flag,
  ): void;

  // ---- elementwise (elementwise.ts)

  /** y = op(x), n elements. exp, log, tanh, sigmoid, softplus, silu, erf within 4 ulp of float64 Math, gelu
   * to 3·10⁻⁷ of |x|, the others exact or 1 ulp. */
  unary(op: UnaryCode, x: Pointer, y: Pointer, n: number): void;
  /** out = a op b, n elements each. */
  binary(op: BinaryCode, a: Pointer, b: Pointer, out: Pointer, n: number): void;
  /** out = a op scalar. */
  binaryScalar(op: BinaryCode, a: Pointer, scalar: number, out: Pointer, n: number): void;
  /** out = scalar op b. */
  scalarBinary(op: BinaryCode, scalar: number, b: Pointer, out: Pointer, n: number): void;
  /** out[rows, columns] = a[rows, columns] op b[columns]; with swapped: b op a. */
  binaryRow(
    op: BinaryCode,
    a: Pointer,
    b: Pointer,
    out: Pointer,
    rows: number,
    columns: number,
    swapped: Flag,
  ): void;
  /**
   * General broadcasting: out (dense, of the shape given) = a op b, both read by strides (0 for a broadcast axis).
   * layout: int32[3 · rank] in memory: shape, strides of a, strides of b, in elements. rank ≤ 6. `engine.binary` plans it.
   */
  binaryStrided(op: BinaryCode, a: Pointer, b: Pointer, out: Pointer, rank: number, layout: Pointer): void;
  /** y += alpha · x. */
  axpy(alpha: number, x: Pointer, y: Pointer, n: number): void;
  /** y = alpha · x (may be in place). */
  scale(alpha: number, x: Pointer, y: Pointer, n: number): void;
  /** y = min(max(x, low), high); NaN stays NaN. */
  clip(x: Pointer, y: Pointer, n: number, low: number, high: number): void;
  /** dx = dy where low ≤ x ≤ high, else 0. */
  clipGradient(dy: Pointer, x: Pointer, dx: Pointer, n: number, low: number, high: number): void;
  /** out = condition ≠ 0 ? a : b (all float32). */
  select(condition: Pointer, a: Pointer, b: Pointer, out: Pointer, n: number): void;

  // ---- moving and converting data (movement.ts)

  /** n float32 set to value. */
  fill(x: Pointer, n: number, value: number): void;
  /** Copies n 4-byte elements; the blocks may overlap. */
  copy(source: Pointer, target: Pointer, n: number): void;
  /**
   * Copies 4-byte elements between strided layouts: permute, slice, broadcast-to, concatenate, pad.
   * layout: int32[3 · rank]: shape, source strides, target strides (elements, may be 0 or negative). rank ≤ 6.
   * accumulate adds (float32) to the target instead: then strides of the target must not be 0.
   */
  copyStrided(source: Pointer, target: Pointer, rank: number, layout: Pointer, accumulate: Flag): void;
  /** out[i, :] = table[indices[i], :]; indices int32 (already checked), rows of `columns` 4-byte elements. */
  gatherRows(table: Pointer, indices: Pointer, out: Pointer, count: number, columns: number): void;
  /** table[indices[i], :] += x[i, :], in order of i: the gradient of gatherRows. */
  scatterAddRows(x: Pointer, indices: Pointer, table: Pointer, count: number, columns: number): void;
  /** Index of the first of n int32 outside 0 … limit − 1, or −1. */
  findIndexOutside(indices: Pointer, n: number, limit: number): number;
  int32ToFloat32(x: Pointer, y: Pointer, n: number): void;
  /** Truncates toward zero; NaN gives 0, values out of range saturate. */
  float32ToInt32(x: Pointer, y: Pointer, n: number): void;
  /** y = x · factor (e.g. 1/255 for images). */
  uint8ToFloat32(x: Pointer, y: Pointer, n: number, factor: number): void;
  /** 1 where x ≠ 0, else 0: float32 to bool. */
  float32ToBool(x: Pointer, y: Pointer, n: number): void;

  // ---- reductions (reduce.ts)

  /** y[outer, inner] = op over the middle axis of x[outer, axis, inner]. An empty axis gives 0 (sum), NaN (mean), ∓∞. */
  reduce(op: ReduceCode, x: Pointer, y: Pointer, outer: number, axis: number, inner: number): void;
  /** Sum of all n elements, float64. */
  sum(x: Pointer, n: number): number;
  /** Sum of the squares of all n elements, float64. */
  squaredNorm(x: Pointer, n: number): number;

  // ---- softmax and losses (softmax.ts)

  /** y = softmax of every row (log-softmax when log is 1). */
  softmax(x: Pointer, y: Pointer, rows: number, columns: number, log: Flag): void;
  /** dx from dy and the output y of softmax (or log-softmax). */
  softmaxGradient(dy: Pointer, y: Pointer, dx: Pointer, rows: number, columns: number, log: Flag): void;
  /**
   * Mean over rows of −log softmax(logits)[label], labels int32 (already checked, see findIndexOutside). gradient
   * (softmax − one-hot)/rows, or 0 when not wanted. losses: one a row, or 0.
   */
  softmaxCrossEntropy(
    logits: Pointer,
    labels: Pointer,
    gradient: Pointer,
    losses: Pointer,
    rows: number,
    classes: number,
  ): number;
  /** The same with target distributions float32[rows, classes] in place of labels. */
  softmaxCrossEntropyDense(
    logits: Pointer,
    targets: Pointer,
    gradient: Pointer,
    losses: Pointer,
    rows: number,
    classes: number,
  ): number;
  /** Mean of (x − target)²; gradient 2 (x − target)/n, or 0 when not wanted. */
  meanSquaredError(x: Pointer, target: Pointer, gradient: Pointer, n: number): number;

  // ---- random numbers (random.ts): Philox 4×32-10, key (seed, stream), counter = position; take a new stream a call

  /** Uniform in [low, high). */
  randomUniform(out: Pointer, n: number, low: number, high: number, seed: number, stream: number): void;
  randomNormal(out: Pointer, n: number, mean: number, std: number, seed: number, stream: number): void;
  /** y = x / (1 − rate) where kept, else 0. The gradient is the same call on dy with the same seed and stream. */
  dropout(x: Pointer, y: Pointer, n: number, rate: number, seed: number, stream: number): void;

  // ---- optimizers over flat arenas (optimizers.ts)

  /** velocity = momentum · velocity + g; w −= learningRate · velocity (PyTorch's form). velocity may be 0 when momentum is 0. */
  sgd(w: Pointer, g: Pointer, velocity: Pointer, n: number, learningRate: number, momentum: number): void;
  /** Adam (Kingma & Ba 2015) with bias correction, epsilon outside the root; step counts from 1. */
  adam(
    w: Pointer,
    g: Pointer,
    m: Pointer,
    v: Pointer,
    n: number,
    learningRate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    step: number,
  ): void;
  /**
   * Other update rules, with slots a, b, c of state (0 for "none" where optional) and constants k0 … k4:
   *
   * - `nesterov` a ← k1·a + g; w ← w − k0 (g + k1·a)
   * - `rmsprop` a ← k1·a + k4·g²; b (optional) ← k1·b + k4·g; u = g / (√(a − b²) + k2); c (optional) ← k3·c + u, u = c;
   *   w ← w − k0·u
   * - `adagrad` a ← a + g²; w ← w − k0·g / (√(a + k1) + k2)
   * - `adadelta` a ← k1·a + k3·g²; u = √(b + k2) / √(a + k2) · g; b ← k1·b + k3·u²; w ← w − k0·u
   * - `adamax` a ← k1·a + k4·g; b ← max(k2·b, |g| + k3); w ← w − k0·a / b
   * - `adam` a ← k2·a + (1 − k2)·g; b ← k3·b + (1 − k3)·g²; c (optional) ← max(c, b), taken in b's place;
   *   w ← w − (k0·a + k1·g) / (√b + k4)
   */
  optimizerStep(
    rule: StepCode,
    w: Pointer,
    g: Pointer,
    a: Pointer,
    b: Pointer,
    c: Pointer,
    n: number,
    k0: number,
    k1: number,
    k2: number,
    k3: number,
    k4: number,
  ): void;
}

/** One axis along which a window slides. */
export interface WindowAxis {
  /** Cells of the input. */
  length: number;
  /** Cells of the window, the distance between two of them, and the steps of the window. */
  window: number;
  dilation: number;
  stride: number;
  /** Padding before the first cell; what is needed after the last follows from the number of positions. */
  before: number;
  /** Positions of the window: the size of the output. */
  positions: number;
}

/** A window over [batch, depth, height, width, channels]: what convolution and pooling share; images have depth 1. */
export interface Window {
  batch: number;
  channels: number;
  /** Depth, height, width. */
  axes: readonly [WindowAxis, WindowAxis, WindowAxis];
}

/**
 * A convolution: filters [depth, height, width, channels / groups, filters]. Filters of group i see the channels of
 * group i only.
 */
export interface Convolution extends Window {
  filters: number;
  groups: number;
}

/** Convolution and pooling. Cells of the padding are 0 in sums, and never the maximum. */
export interface Windows {
  /** y = activation(x ⋆ filters + bias), bias 0 for none. */
  convolve(g: Convolution, x: Pointer, filters: Pointer, bias: Pointer, y: Pointer, relu: boolean): void;
  /** dx = gradient for x: the transposed convolution. */
  convolveInputGradient(g: Convolution, dy: Pointer, filters: Pointer, dx: Pointer): void;
  /** dFilters = gradient for the filters (overwritten). The bias gradient is `core.reluMaskAndBiasGradient`. */
  convolveFilterGradient(g: Convolution, x: Pointer, dy: Pointer, dFilters: Pointer): void;
  /** y = the largest cell of each window; NaN wins. */
  maxPool(g: Window, x: Pointer, y: Pointer): void;
  /**
   * dx = gradient for x (overwritten); the first maximum of a window takes it all. With `relu`, x came out of a relu and
   * the gradient is masked with x > 0 on the way.
   */
  maxPoolGradient(g: Window, x: Pointer, y: Pointer, dy: Pointer, dx: Pointer, relu?: boolean): void;
  /** winners = for each element of y (the result of maxPool) the index in x of the element it is, int32. */
  maxPoolWinners(g: Window, x: Pointer, y: Pointer, winners: Pointer): void;
  /** y = scale · the sum of each window. */
  sumPool(g: Window, x: Pointer, y: Pointer, scale: number): void;
  sumPoolGradient(g: Window, dy: Pointer, dx: Pointer, scale: number): void;
}

/** The core's memory: blocks on 64-byte boundaries, recycled by size. */
export interface Memory {
  /** A block of at least `bytes` bytes, contents undefined. Throws when the memory's 4 GB do not hold it. */
  allocate(bytes: number): Pointer;
  /** Gives a block back; throws for a pointer that is no block in use. */
  free(pointer: Pointer): void;
  /** Views of the memory, for use at once: without shared memory growth makes old views empty. */
  float32(pointer: Pointer, length: number): Float32Array;
  float64(pointer: Pointer, length: number): Float64Array;
  int32(pointer: Pointer, length: number): Int32Array;
  uint8(pointer: Pointer, length: number): Uint8Array;
  /** Bytes in blocks in use, now and at most. */
  readonly bytesInUse: number;
  readonly peakBytes: number;
  readonly blocksInUse: number;
  /** Bytes the WebAssembly memory has grown to, and may grow to. */
  readonly reservedBytes: number;
  readonly limitBytes: number;
}

export interface EngineInfo {
  /** Width of the vectors the matrix kernels run on, in bits. */
  simd: 256 | 128;
  simdReason: WidthReason;
  /** Whether threads can share the memory. */
  shared: boolean;
  /** Threads that take part now, the calling one included. */
  threads: number;
  /** Threads wanted; the others are still starting. */
  threadsWanted: number;
  /** For people: where the number wanted comes from. */
  threadsReason: string;
  bytesInUse: number;
  peakBytes: number;
  reservedBytes: number;
  limitBytes: number;
}

/**
 * Why the vectors have their width. "asked for" by LECTERN_SIMD or an option; "refused" by V8, "absent" on this kind of machine;
 * otherwise what the self-check found about 256 bits.
 */
export type WidthReason = "asked for" | "refused" | "absent" | Verdict;

/** The one object the rest of lib imports. Nothing is loaded before the first use of `core` or `memory`. */
export interface Engine {
  readonly core: Core;
  readonly memory: Memory;
  readonly windows: Windows;
  info(): EngineInfo;
  /** Number of threads for the following calls, the calling one included. Where there can be one only, it stays one. */
  setThreads(count: number): void;
  /** Resolves when all wanted threads take part; before that, work runs on those that are there. */
  threadsReady(): Promise<void>;

  /**
   * out = a op b with NumPy's broadcasting; shapes are already checked, outShape being their broadcast shape (rank ≤ 6
   * after merging axes). Picks the fastest of the binary kernels.
   */
  binary(
    op: BinaryCode,
    a: Pointer,
    aShape: readonly number[],
    b: Pointer,
    bShape: readonly number[],
    out: Pointer,
    outShape: readonly number[],
  ): void;
  /** Copies between strided layouts, see {@link Core.copyStrided}; axes are merged where they lie together. */
  copyStrided(
    source: Pointer,
    sourceStrides: readonly number[],
    target: Pointer,
    targetStrides: readonly number[],
    shape: readonly number[],
    accumulate?: boolean,
  ): void;
}
