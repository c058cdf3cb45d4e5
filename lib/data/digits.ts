// The digits data set: 1,797 handwritten digits that come with the library.
import { gunzip, readBytes } from "../io/file.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { tensor } from "../tensor/create.ts";
import { Dataset } from "./dataset.ts";
import { resizeBilinear } from "./resize.ts";

const samples = 1797;
const side = 8;
const pixels = side * side;
/** A pixel of the file counts the ink in a block of 4×4 finer ones. */
const fullInk = 16;

const file = new URL("./digits/digits.bin.gz", import.meta.url);

/** Options of {@link digits}. */
export interface DigitsOptions {
  /** Height and width of the images: 8 as they are, or any other size, to which they are scaled bilinearly. */
  size?: number;
}

/**
 * 1,797 handwritten digits: `x` `[1797, size, size, 1]` with ink from 0 to 1, `y` `[1797]` class numbers 0 to 9 (int32).
 *
 * They are 8×8 pixels; `size: 28` enlarges them bilinearly to the size of MNIST's images, which does not make them
 * sharper. Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (test part), UCI Machine Learning
 * Repository, DOI 10.24432/C50P49, licence CC BY 4.0.
 *
 * @throws Error when the file is damaged, RangeError when the size is no whole number above 0
 * @example
 * datasets.digits().x.shape // → [ 1797, 8, 8, 1 ]
 * datasets.digits({ size: 28 }).x.shape // → [ 1797, 28, 28, 1 ]
 */
export function digits(options: DigitsOptions = {}): Dataset {
  checkOptions("digits", options, "{ size: 28 }");
  const { size = side } = options;
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`digits: size must be a whole number above 0, got ${String(size)}`);
  }
  return readDigits(unpack(readBytes(file)), size);
}

/** The unpacked file; of a damaged one nothing, which `readDigits` reports. */
function unpack(bytes: Uint8Array): Uint8Array {
  try {
    return gunzip(bytes);
  } catch {
    return new Uint8Array();
  }
}

/** The data set from the unpacked file. @throws Error when bytes are missing */
export function readDigits(bytes: Uint8Array, size: number): Dataset {
  const expected = samples * pixels + samples;
  if (bytes.length !== expected) {
    throw new Error(
      `digits: digits.bin.gz is damaged: it unpacks to ${bytes.length} bytes, ${expected} were expected. ` +
        "Install the package again, or run lib/data/digits/make.py to write the file anew",
    );
  }
  const ink = Float32Array.from(bytes.subarray(0, samples * pixels), (value) => value / fullInk);
  const images = size === side ? ink : resizeBilinear(ink, samples, side, size);
  const labels = Int32Array.from(bytes.subarray(samples * pixels));
  const names = Array.from({ length: 10 }, (_, digit) => String(digit));
  return new Dataset(tensor(images, { shape: [samples, size, size, 1] }), tensor(labels), names);
}
