// Gradients written by hand: used as they are, differentiated again, and checked.
import { describe, expect, test } from "vitest";
import {
  checkGradients,
  customGradient,
  grad,
  noGrad,
  type Tensor,
  tensor,
  variable,
} from "../../../lib/index.ts";

const double = (values: number | number[]) => tensor(values, { dtype: "float64" });

describe("customGradient", () => {
  test("of two inputs, one of them without a gradient", () => {
    const scaled = customGradient(
      (x: Tensor, factor: Tensor) => x.mul(factor),
      (gradient, _result, _x, factor) => [gradient.mul(factor), null],
    );
    const [x, factor] = [variable([1, 2]), variable([10, 100])];
    scaled(x, factor).sum().backward();
    expect(x.grad!.toArray()).toEqual([10, 100]);
    expect(factor.grad).toBeNull();
  });

  test("second and third derivatives come from the backward function: through the inputs and through the result", () => {
    const cube = customGradient(
      (x: Tensor) => x.pow(3),
      (gradient, _y, x) => gradient.mul(x.square().mul(3)),
    );
    expect(grad(grad(cube))(double(2)).item()).toBe(12);
    expect(grad(grad(grad(cube)))(double(2)).item()).toBe(6);
    const exponential = customGradient(
      (x: Tensor) => x.exp(),
      (gradient, y) => gradient.mul(y),
    );
    expect(grad(grad(grad(exponential)))(double(0.5)).item()).toBeCloseTo(Math.exp(0.5), 14);
    expect(checkGradients((x) => exponential(x).mul(cube(x)), [double([0.3, -0.7])]).ok).toBe(true);
  });

  test("a reversed gradient, whose forward hands its input through", () => {
    const reverse = customGradient(
      (x: Tensor) => x,
      (gradient) => gradient.neg(),
    );
    const x = variable([1, 2]);
    const y = reverse(x.mul(1));
    y.square().sum().backward();
    expect(y.toArray()).toEqual([1, 2]);
    expect(x.grad!.toArray()).toEqual([-2, -4]);
  });

  test("is not recorded without a variable, and not inside noGrad", () => {
    const round = customGradient(
      (x: Tensor) => x.round(),
      (gradient) => gradient,
    );
    expect(round(tensor([1.4])).requiresGrad).toBe(false);
    expect(noGrad(() => round(variable([1.4]))).requiresGrad).toBe(false);
  });

  test("what forward does inside gets no gradient", () => {
    const w = variable(3);
    const f = customGradient(
      (x: Tensor) => x.mul(w),
      (gradient) => gradient.mul(100),
    );
    const x = variable(2);
    f(x).backward();
    expect(x.grad!.item()).toBe(100);
    expect(w.grad).toBeNull();
  });
});

describe("what it says", () => {
  test("of too few gradients", () => {
    const run = (returned: unknown) => {
      const swish = (x: Tensor, y: Tensor) => x.mul(y);
      customGradient(swish, () => returned as Tensor)(variable([1, 2]), variable([3, 4]))
        .sum()
        .backward();
    };
    expect(() => run(tensor([1, 1]))).toThrow(
      /swish: backward must return a gradient \(or null\) for each of 2/,
    );
    expect(() => run(7)).toThrow(/got the number 7|got 7/);
    expect(() => run([tensor([1, 1]), tensor([1])])).toThrow(/input 1 must have its shape \[2\], got \[1\]/);
    expect(() => run([tensor([1, 1]), 5])).toThrow(/input 1 .* got/);
  });
  test("of arguments that are no tensors", () => {
    const f = customGradient(
      (x: Tensor) => x,
      (gradient) => gradient,
    );
    expect(() => f(3 as unknown as Tensor)).toThrow(/expected a tensor/);
  });
});
