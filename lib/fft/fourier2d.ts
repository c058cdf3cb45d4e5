// Fourier transforms of images, along the last two axes, forth and back.
import { swapAxes } from "../ops/rearrange.ts";
import { checkOptions } from "../tensor/arguments.ts";
import type { Complex } from "../tensor/complex.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type FourierOptions, fourier, ifft, readComplex } from "./fourier.ts";

/** Options of Fourier transforms of images. */
export interface Fourier2dOptions {
  /** Height and width of the transform: the last two axes are cut or filled with zeros to them. */
  shape?: readonly [height: number, width: number];
}

/**
 * The discrete Fourier transform along the last two axes, `[…, height, width]`, of real or complex numbers. A circular
 * convolution of images is the product of their transforms, and is undone by division where none of them is 0.
 *
 * @throws when there are no two axes.
 * @example
 * fft.fft2(tensor([[1, 2], [3, 4]])).real.toArray() // → [ [ 10, -2 ], [ -4, 0 ] ]
 * fft.fft2(ones([2, 2]), { shape: [4, 4] }).real.shape // → [ 4, 4 ]
 */
export function fft2(x: Tensor | Complex, options: Fourier2dOptions = {}): Complex {
  return alongBoth("fft.fft2", x, options, fourier);
}

/**
 * The inverse of {@link fft2}.
 *
 * @throws when there are no two axes.
 * @example
 * fft.ifft2(fft.fft2(tensor([[1, 2], [3, 4]]))).real.toArray() // → [ [ 1, 2 ], [ 3, 4 ] ]
 */
export function ifft2(x: Tensor | Complex, options: Fourier2dOptions = {}): Complex {
  return alongBoth("fft.ifft2", x, options, ifft);
}

function alongBoth(
  name: string,
  x: Tensor | Complex,
  options: Fourier2dOptions,
  transform: (x: Tensor | Complex, options: FourierOptions) => Complex,
): Complex {
  checkOptions(name, options, "{ shape: [64, 64] }");
  const { shape } = options;
  const given = readComplex(name, x).real.shape;
  if (given.length < 2)
    throw new Error(`${name}: needs images […, height, width], got ${formatShape(given)}`);
  const rows = transform(x, { n: shape?.[1] });
  return swapped(transform(swapped(rows), { n: shape?.[0] }));
}

function swapped({ real, imaginary }: Complex): Complex {
  return { real: swapAxes(real, -2, -1), imaginary: swapAxes(imaginary, -2, -1) };
}
