// Memory without disposing: what backward and scopes give back, what moves out under pressure, what comes back.
import { afterEach, describe, expect, test } from "vitest";
import {
  arange,
  customGradient,
  linear,
  random,
  seed,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "../../../lib/index.ts";
import { meanSquaredError } from "../../../lib/ops/loss.ts";
import { bytesResident, setMemoryBudget } from "../../../lib/tensor/blocks.ts";
import { scope } from "../../../lib/tensor/storage.ts";

const megabyte = 1024 * 1024;
const usual = setMemoryBudget(512 * megabyte);
setMemoryBudget(usual);

afterEach(() => {
  setMemoryBudget(usual);
});

describe("scope", () => {
  test("releases what was made inside and keeps what was kept", () => {
    const before = bytesResident();
    const kept = scope(() => {
      const inside = zeros([1000]);
      return inside.add(1).mul(2).keep();
    });
    expect(bytesResident() - before).toBe(4000);
    expect(kept.sum().item()).toBe(2000);
  });

  test("a released tensor says what happened", () => {
    const lost = scope(() => zeros([3]));
    expect(() => lost.toArray()).toThrow(/made inside a training step.*\.keep\(\)/);
    expect(() => lost.add(1)).toThrow(/released/);
  });

  test("what is kept in an inner scope survives the outer one, views included", () => {
    const row = scope(() => scope(() => arange(6).reshape([2, 3]).at(1).keep()));
    expect(row.toArray()).toEqual([3, 4, 5]);
  });

  test("gives everything back when the work throws", () => {
    const before = bytesResident();
    const work = () =>
      scope(() => {
        zeros([1000]);
        throw new Error("in the middle");
      });
    expect(work).toThrow("in the middle");
    expect(bytesResident()).toBe(before);
  });

  test("gradients of variables survive the step", () => {
    const w = variable([1, 2]);
    scope(() => w.square().sum().backward());
    expect(w.grad!.toArray()).toEqual([2, 4]);
  });
});

describe("backward", () => {
  test("gives back its own gradients and what only the graph had saved", () => {
    const w = variable(zeros([64, 64]));
    const x = random.normal([128, 64]);
    const y = random.normal([128, 64]);
    const prediction = linear(linear(x, w, null, { activation: "relu" }), w);
    const before = bytesResident();
    meanSquaredError(prediction, y).backward();
    // What stays: the loss (4 bytes) and the gradient of w.
    expect(bytesResident() - before).toBe(4 + 64 * 64 * 4);
  });
});

describe("gradients of variables", () => {
  test("that come from one tensor are two", () => {
    const [a, b] = [variable([1, 2]), variable([3, 4])];
    const twice = customGradient(
      (x: Tensor, y: Tensor) => x.add(y),
      (gradient) => {
        const both = gradient.mul(3);
        return [both, both];
      },
    );
    for (let pass = 1; pass <= 2; pass++) {
      twice(a, b).sum().backward();
      expect([a.grad!.toArray(), b.grad!.toArray()]).toEqual([
        [3 * pass, 3 * pass],
        [3 * pass, 3 * pass],
      ]);
    }
    a.add(b).sum().backward();
    a.grad!.assign(0);
    expect(b.grad!.toArray()).toEqual([7, 7]);
  });

  test("that are a tensor of the user's are a copy of it", () => {
    const [a, constant] = [variable([1, 2]), tensor([5, 6])];
    const fixed = customGradient(
      (x: Tensor) => x.mul(2),
      () => constant,
    );
    scope(() => {
      const here = tensor([7, 8]);
      fixed(a).sum().backward();
      customGradient(
        (x: Tensor) => x.mul(2),
        () => here,
      )(a)
        .sum()
        .backward();
      expect(here.toArray()).toEqual([7, 8]);
    });
    expect(a.grad!.toArray()).toEqual([12, 14]);
    expect(constant.toArray()).toEqual([5, 6]);
  });

  test("take no memory besides their own, and no copy on the way", () => {
    const [w, v] = [variable(zeros([256, 256])), tensor(zeros([256, 256]))];
    const loss = w.matmul(v).sum();
    const before = bytesResident();
    loss.backward();
    expect(bytesResident() - before).toBe(256 * 256 * 4);
  });
});

describe("in the middle of a loop without await", () => {
  test("what is dead is freed, and what is reached by a view, a graph or a gradient stays", () => {
    seed(4);
    const w = variable(random.normal([64, 64]));
    const rows: Tensor[] = [];
    const copies: Float32Array[] = [];
    const losses: Tensor[] = [];
    let most = 0;
    for (let i = 0; i < 3000; i++) {
      const made = random.normal([64, 256]);
      if (i % 100 === 0) {
        rows.push(made.at(7));
        copies.push(rows.at(-1)!.data() as Float32Array);
        losses.push(w.matmul(made.add(1)).square().mean());
      }
      most = Math.max(most, bytesResident());
    }
    // 3,000 times 64 KB are 188 MB.
    expect(most).toBeLessThan(110 * megabyte);
    expect(rows.map((row) => row.data())).toEqual(copies);
    for (const loss of losses) loss.backward();
    const again = variable(w.detach().clone());
    seed(4);
    void random.normal([64, 64]);
    for (let i = 0; i < 3000; i++) {
      const made = random.normal([64, 256]);
      if (i % 100 === 0) again.matmul(made.add(1)).square().mean().backward();
    }
    expect(w.grad!.data()).toEqual(again.grad!.data());
  });
});

describe("under pressure", () => {
  test("numbers that were moved out come back unchanged", () => {
    setMemoryBudget(12 * megabyte);
    seed(1);
    const tensors = Array.from({ length: 120 }, (_, i) => random.normal([256, 256]).add(i));
    const copies = tensors.map((t) => t.data());
    expect(bytesResident()).toBeLessThanOrEqual(12 * megabyte);
    for (const [i, t] of tensors.entries()) expect(t.data()).toEqual(copies[i]);
    const views = tensors.map((t) => t.at(3));
    tensors.forEach((t, i) => {
      expect(views[i]!.toArray()).toEqual(t.at(3).toArray());
    });
  });

  test("operands of the operation in progress stay", () => {
    setMemoryBudget(megabyte);
    const a = random.normal([512, 512]);
    const b = random.normal([512, 512]);
    const sum = a.add(b);
    const [p, q, s] = [a.data(), b.data(), sum.data()];
    expect(s.every((v, i) => v === Math.fround(p[i]! + q[i]!))).toBe(true);
  });

  test("a pinned block stays at its address", () => {
    setMemoryBudget(2 * megabyte);
    const arena = tensor([1, 2, 3]);
    const address = arena.storage.pin();
    for (let i = 0; i < 20; i++) zeros([256, 256]);
    expect(arena.pointer()).toBe(address);
    expect(arena.toArray()).toEqual([1, 2, 3]);
  });

  test("five thousand steps of a hand-written loop without await stay bounded and learn", () => {
    const budget = 32 * megabyte;
    setMemoryBudget(budget);
    seed(2);
    const x = random.normal([32, 64]);
    const target = x.slice(0, 8, { axis: 1 }).sum(1, { keepDims: true }).tanh();
    let w1 = variable(random.normal([64, 64], { std: 0.1 }));
    let b1 = variable(zeros([64]));
    let w2 = variable(random.normal([64, 1], { std: 0.1 }));
    let first = Number.NaN;
    let last = Number.NaN;
    let most = 0;
    for (let step = 0; step < 5000; step++) {
      const loss = x.matmul(w1).add(b1).relu().matmul(w2).sub(target).square().mean();
      loss.backward();
      [w1, b1, w2] = [w1, b1, w2].map((w) => variable(w.detach().sub(w.grad!.mul(0.05)))) as [
        typeof w1,
        typeof b1,
        typeof w2,
      ];
      last = loss.item();
      if (step === 0) first = last;
      most = Math.max(most, bytesResident());
    }
    expect(most).toBeLessThanOrEqual(budget);
    expect(last).toBeLessThan(first / 100);
    // What was moved out belongs to dead tensors, so the collector takes it: 5,000 steps made about 500 MB.
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(400 * megabyte);
  });
});
