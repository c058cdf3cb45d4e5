// Fourier transforms against PyTorch, with gradients; long ones against their definition and their inverse.
//
// In float64 on both sides. Each number goes through log₂ n additions, so errors are some ε·log n of the largest: 1e-13
// for short rows, stated where it is another.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Complex,
  convolve2d,
  fft,
  gradients,
  ones,
  pad,
  random,
  seed,
  type Tensor,
  tensor,
  zeros,
} from "../../../lib/index.ts";

interface Case {
  op: "fft" | "ifft" | "rfft" | "irfft" | "fft2" | "ifft2";
  n: number | [number, number] | null;
  shape: number[];
  inputs: number[][];
  resultShape: number[];
  result: number[];
  gradients: number[][];
}

const cases: Case[] = JSON.parse(
  readFileSync(new URL("../../fixtures/fft/transforms.json", import.meta.url), "utf8"),
);

function leaf(data: readonly number[], shape: readonly number[]): Tensor {
  const result = tensor(Float64Array.from(data), { shape });
  result.requiresGrad = true;
  return result;
}

function apply({ op, n }: Case, leaves: readonly Tensor[]): Tensor[] {
  const options = n === null ? {} : Array.isArray(n) ? { shape: n } : { n };
  const x = { real: leaves[0]!, imaginary: leaves[1]! };
  if (op === "irfft") return [fft.irfft(x, options)];
  const { real, imaginary } = op === "rfft" ? fft.rfft(leaves[0]!, options) : fft[op](x, options);
  return [real, imaginary];
}

/** The parts one after the other, weighted: what the fixtures took gradients of. */
function weighted(parts: readonly Tensor[]): Tensor {
  return parts
    .map((part, k) => {
      const start = k * part.size;
      const weights = Float64Array.from({ length: part.size }, (_, i) => 1 + 0.5 * Math.sin(start + i + 1));
      return part.mul(tensor(weights, { shape: part.shape })).sum();
    })
    .reduce((a, b) => a.add(b));
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-13): void {
  expect(actual.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((largest, v) => Math.max(largest, Math.abs(v)), 1);
  for (let i = 0; i < expected.length; i++) {
    const close = Math.abs(actual[i]! - expected[i]!) <= tolerance * scale;
    expect(close, `element ${i}: ${actual[i]} instead of ${expected[i]}`).toBe(true);
  }
}

test("the fixtures are there", () => {
  expect(cases.length).toBeGreaterThan(50);
});

describe("as in PyTorch", () => {
  test.each(cases)("$op of $shape, n $n", (c) => {
    const leaves = c.inputs.map((data) => leaf(data, c.shape));
    const parts = apply(c, leaves);
    for (const part of parts) {
      expect(part.shape).toEqual(c.resultShape);
      expect(part.dtype).toBe("float64");
    }
    expectClose(
      parts.flatMap((part) => Array.from(part.data())),
      c.result,
    );
    const found = gradients(weighted(parts), leaves, { createGraph: true });
    found.forEach((gradient, i) => {
      expectClose(gradient.data(), c.gradients[i]!);
    });
  });
});

describe("long rows", () => {
  test.each([1000, 1024, 997])("of %i numbers, as the definition says", (n) => {
    seed(n);
    const x = random.normal([n]).cast("float64");
    const { real, imaginary } = fft.fft(x);
    const values = x.data();
    for (const k of [0, 1, 7, n - 1]) {
      let re = 0;
      let im = 0;
      for (let j = 0; j < n; j++) {
        const angle = (2 * Math.PI * ((j * k) % n)) / n;
        re += values[j]! * Math.cos(angle);
        im -= values[j]! * Math.sin(angle);
      }
      expectClose([real.data()[k]!, imaginary.data()[k]!], [re, im], 1e-11);
    }
    expectClose(fft.ifft({ real, imaginary }).real.data(), values, 1e-13);
    expectClose(fft.irfft(fft.rfft(x), { n }).data(), values, 1e-13);
  });

  test("float32 stays float32 and is as exact as it can be", () => {
    seed(1);
    const x = random.normal([3, 500]);
    const back = fft.irfft(fft.rfft(x));
    expect(back.dtype).toBe("float32");
    expectClose(back.data(), x.data(), 3e-7);
  });
});

test("second derivatives: the energy of a spectrum", () => {
  // Σ|y|² = n·Σx² (Parseval), so the gradient is 2n·x and its sum has the gradient 2n.
  const x = leaf([1, 2, 3], [3]);
  const { real, imaginary } = fft.fft(x);
  const energy = real.square().add(imaginary.square()).sum();
  const [slope] = gradients(energy, [x], { createGraph: true });
  expectClose(slope!.data(), [6, 12, 18]);
  expectClose(gradients(slope!.sum(), [x])[0]!.data(), [6, 6, 6]);
});

test("a circular convolution of images is a product of transforms, and undone by division", () => {
  seed(2);
  const image = random.uniform([6, 5]).cast("float64");
  const filter = tensor(
    [
      [4, 1, 0],
      [-1, 0.5, 0.2],
    ],
    { dtype: "float64" },
  );
  const [x, f] = [fft.fft2(image), fft.fft2(filter, { shape: [6, 5] })];
  const product = (a: Complex, b: Complex): Complex => ({
    real: a.real.mul(b.real).sub(a.imaginary.mul(b.imaginary)),
    imaginary: a.real.mul(b.imaginary).add(a.imaginary.mul(b.real)),
  });
  const blurred = fft.ifft2(product(x, f)).real;
  // Flipped, and from the cells before each one, which lie at the other end for the first ones.
  const around = pad(
    image,
    [
      [1, 0],
      [2, 0],
    ],
    { mode: "wrap" },
  );
  expectClose(blurred.data(), convolve2d(around, filter, "valid").data());
  const power = f.real.square().add(f.imaginary.square());
  const inverse = { real: f.real.div(power), imaginary: f.imaginary.div(power).neg() };
  expectClose(fft.ifft2(product(fft.fft2(blurred), inverse)).real.data(), image.data(), 1e-12);
});

describe("says what is wrong", () => {
  const mistakes: [string, () => unknown, RegExp][] = [
    ["a length of zero", () => fft.fft(zeros([0])), /fft.fft: the length n .* from 1 up, got 0/],
    ["a fraction as length", () => fft.rfft(ones([4]), { n: 2.5 }), /fft.rfft: the length n .* got 2.5/],
    ["a scalar", () => fft.fft(tensor(1)), /fft.fft: needs numbers along an axis, got a scalar/],
    ["a list", () => fft.rfft([1, 2] as unknown as Tensor), /fft.rfft: expected a tensor/],
    [
      "parts of different shapes",
      () => fft.ifft({ real: ones([4]), imaginary: ones([3]) }),
      /fft.ifft: real part \[4\] and imaginary part \[3\] must have one shape/,
    ],
    [
      "a row for an image",
      () => fft.fft2(ones([4])),
      /fft.fft2: needs images \[…, height, width\], got \[4\]/,
    ],
    ["one real number", () => fft.irfft({ real: ones([1]), imaginary: ones([1]) } as Complex), /got 0/],
  ];
  test.each(mistakes)("%s", (_, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});
