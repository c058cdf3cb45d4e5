// Stochastic pooling: its mean, how often it draws what, gradients, zeros, mistakes.
import { describe, expect, test } from "vitest";
import { functional, ones, seed, tensor, variable, zeros } from "../../../lib/index.ts";

describe("stochastic pooling", () => {
  const x = tensor([1, 2, 0, 5, 0, 0, 0, 0], { shape: [1, 2, 4, 1] });

  test("outside of training is the mean of what it draws", () => {
    // Windows [1, 2, 0, 0] and [0, 5, 0, 0].
    expect(functional.stochasticPool2d(x).reshape([2]).toArray()).toEqual([expect.closeTo(5 / 3, 6), 5]);
  });

  test("draws each cell as often as its activation says, and sends the gradient to what was drawn", () => {
    seed(8);
    const many = x.broadcastTo([600, 2, 4, 1]);
    const drawn = functional.stochasticPool2d(many, { training: true });
    expect(drawn.shape).toEqual([600, 1, 2, 1]);
    expect([...new Set(drawn.data())].sort()).toEqual([1, 2, 5]);
    // Five standard errors of a share of 2/3 among 600.
    const share = drawn.at(":", 0, 0, 0).equal(2).cast("float32").mean().item();
    expect(Math.abs(share - 2 / 3)).toBeLessThan(5 * Math.sqrt(2 / 9 / 600));
    const leaf = variable(x);
    functional.stochasticPool2d(leaf, { training: true }).sum().backward();
    expect(leaf.grad!.sum().item()).toBe(2);
    expect(leaf.grad!.at(0, 0, 3, 0).item()).toBe(1);
  });

  test("pools zeros to 0, with padding too, and refuses what is below", () => {
    expect(
      functional.stochasticPool2d(zeros([1, 3, 3, 2]), { padding: "same", training: true }).toArray(),
    ).toEqual(zeros([1, 2, 2, 2]).toArray());
    expect(() => functional.stochasticPool2d(ones([1, 2, 2, 1]).neg())).toThrow("apply relu first");
    expect(() => functional.stochasticPool2d(ones([2]))).toThrow("got [2]");
  });
});
