// Fourier transforms along the last axis: of complex and of real numbers, forth and back, with gradients.
import { attach, give, needs, type Rule, tracks } from "../autograd/graph.ts";
import { mul } from "../ops/arithmetic.ts";
import { neg } from "../ops/elementwise.ts";
import { gather } from "../ops/gather.ts";
import { slice } from "../ops/indexing.ts";
import { concat } from "../ops/join.ts";
import { checkTensor, toCommonFloat } from "../ops/operand.ts";
import { pad } from "../ops/padding.ts";
import type { Complex } from "../tensor/complex.ts";
import { empty, zeros } from "../tensor/create.ts";
import { describe, formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { transformRows } from "./transform.ts";

/** Options of Fourier transforms. */
export interface FourierOptions {
  /** The length of the transform: the last axis is cut or filled with zeros to it. */
  n?: number;
}

/** The transform is linear, and its transpose is that of the other direction: each part of the result sends its own back. */
const realRule: Rule = {
  name: "fft",
  backward(gradient, node) {
    const none = zeros(gradient.shape, { dtype: gradient.dtype });
    giveBoth(node.inputs, transform(gradient, none, node.saved === 1 ? -1 : 1));
  },
};

const imaginaryRule: Rule = {
  name: "fft",
  backward(gradient, node) {
    const none = zeros(gradient.shape, { dtype: gradient.dtype });
    giveBoth(node.inputs, transform(none, gradient, node.saved === 1 ? -1 : 1));
  },
};

function giveBoth([re, im]: readonly unknown[], gradient: Complex): void {
  if (needs(re as Tensor)) give(re as Tensor, gradient.real);
  if (needs(im as Tensor)) give(im as Tensor, gradient.imaginary);
}

/** Σ xⱼ·e^(±2πi·jk/n) along the last axis, computed in float64; no factor. */
function transform(re: Tensor, im: Tensor, direction: 1 | -1): Complex {
  const x = Float64Array.from(re.view());
  const y = Float64Array.from(im.view());
  transformRows(x, y, re.shape[re.rank - 1]!, direction);
  const real = empty(re.shape, re.dtype);
  real.view().set(x);
  const imaginary = empty(re.shape, re.dtype);
  imaginary.view().set(y);
  if (tracks(re, im)) {
    attach(real, realRule, [re, im], direction);
    attach(imaginary, imaginaryRule, [re, im], direction);
  }
  return { real, imaginary };
}

/** Both parts of complex numbers, and zeros beside real ones. */
export function readComplex(operation: string, x: Tensor | Complex): Complex {
  const isComplex = typeof x === "object" && x !== null && "real" in x && "imaginary" in x;
  const real = isComplex ? x.real : x;
  checkTensor(operation, real);
  if (real.rank === 0) throw new Error(`${operation}: needs numbers along an axis, got a scalar`);
  const imaginary = isComplex ? x.imaginary : zeros(real.shape);
  checkTensor(operation, imaginary);
  if (!sameShape(real.shape, imaginary.shape)) {
    throw new Error(
      `${operation}: real part ${formatShape(real.shape)} and imaginary part ${formatShape(imaginary.shape)} must have one shape`,
    );
  }
  const [p, q] = toCommonFloat(real, imaginary);
  return { real: p, imaginary: q };
}

/** Checks the length of a transform. */
function readLength(operation: string, n: number): number {
  if (Number.isInteger(n) && n > 0) return n;
  throw new RangeError(
    `${operation}: the length n of the transform is a whole number from 1 up, got ${describe(n)}`,
  );
}

/** The last axis cut or filled with zeros to n. */
function resized(x: Tensor, n: number): Tensor {
  const axis = x.rank - 1;
  const length = x.shape[axis]!;
  if (length >= n) return length === n ? x : slice(x, 0, n, { axis });
  return pad(
    x,
    x.shape.map((_, i): [number, number] => (i === axis ? [0, n - length] : [0, 0])),
  );
}

function resizeBoth({ real, imaginary }: Complex, n: number): Complex {
  return { real: resized(real, n), imaginary: resized(imaginary, n) };
}

/**
 * The discrete Fourier transform along the last axis, of real or complex numbers: yₖ = Σ xⱼ·e^(−2πi·jk/n). Takes n·log n steps for
 * any length n.
 *
 * @throws when n is no whole number from 1 up.
 * @example
 * const { real, imaginary } = fft.fft(tensor([1, 0, 0, 0]));
 * real // → tensor([1, 1, 1, 1])
 * imaginary // → tensor([0, 0, 0, 0])
 */
export function fourier(x: Tensor | Complex, options: FourierOptions = {}): Complex {
  return forward("fft.fft", x, options);
}

function forward(operation: string, x: Tensor | Complex, options: FourierOptions): Complex {
  const input = readComplex(operation, x);
  const n = readLength(operation, options.n ?? input.real.shape[input.real.rank - 1]!);
  const { real, imaginary } = resizeBoth(input, n);
  return transform(real, imaginary, -1);
}

/**
 * The inverse of `fft`: xⱼ = 1/n · Σ yₖ·e^(2πi·jk/n).
 *
 * @throws when n is no whole number from 1 up.
 * @example
 * fft.ifft(fft.fft(tensor([1, 2, 3, 4]))).real // → tensor([1, 2, 3, 4])
 */
export function ifft(x: Tensor | Complex, options: FourierOptions = {}): Complex {
  const input = readComplex("fft.ifft", x);
  const n = readLength("fft.ifft", options.n ?? input.real.shape[input.real.rank - 1]!);
  const fitted = resizeBoth(input, n);
  const { real, imaginary } = transform(fitted.real, fitted.imaginary, 1);
  return { real: mul(real, 1 / n), imaginary: mul(imaginary, 1 / n) };
}

/**
 * The Fourier transform of real numbers along the last axis, without the second half, which mirrors the first: `[…, n]` →
 * `[…, floor(n / 2) + 1]`. Element k is the part with k periods over the n numbers.
 *
 * @throws when n is no whole number from 1 up.
 * @example
 * fft.rfft(tensor([1, -1, 1, -1])).real // → tensor([0, 0, 4])
 */
export function rfft(x: Tensor, options: FourierOptions = {}): Complex {
  checkTensor("fft.rfft", x);
  const { real, imaginary } = forward("fft.rfft", x, options);
  const half = Math.floor(real.shape[real.rank - 1]! / 2) + 1;
  return { real: resized(real, half), imaginary: resized(imaginary, half) };
}

/**
 * The inverse of {@link rfft}: real numbers from the first half of their transform, `[…, n / 2 + 1]` → `[…, n]`. For an odd
 * length give `n`.
 *
 * @throws when n is no whole number from 1 up.
 * @example
 * fft.irfft(fft.rfft(tensor([1, 2, 3, 4]))) // → tensor([1, 2, 3, 4])
 * fft.irfft(fft.rfft(tensor([1, 2, 3])), { n: 3 }) // → tensor([1, 2, 3])
 */
export function irfft(x: Complex, options: FourierOptions = {}): Tensor {
  const input = readComplex("fft.irfft", x);
  const axis = input.real.rank - 1;
  const n = readLength("fft.irfft", options.n ?? 2 * (input.real.shape[axis]! - 1));
  const { real, imaginary } = resizeBoth(input, Math.floor(n / 2) + 1);
  const mirrored = Array.from({ length: n - real.shape[axis]! }, (_, i) => n - real.shape[axis]! - i);
  const whole = (half: Tensor, other: Tensor) =>
    mirrored.length === 0 ? half : concat([half, gather(other, mirrored, { axis })], axis);
  const result = transform(whole(real, real), whole(imaginary, neg(imaginary)), 1);
  return mul(result.real, 1 / n);
}
