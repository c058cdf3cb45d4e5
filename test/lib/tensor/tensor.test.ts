// Tensors: creation, element types, views, and what they say about mistakes.
import { describe, expect, test } from "vitest";
import {
  arange,
  concat,
  eye,
  full,
  linspace,
  oneHot,
  ones,
  random,
  seed,
  stack,
  type Tensor,
  tensor,
  variable,
  where,
  zeros,
} from "../../../lib/index.ts";

describe("creation", () => {
  test("takes numbers, nested arrays, booleans and typed arrays", () => {
    expect(tensor(3)).toMatchObject({ shape: [], dtype: "float32", size: 1, rank: 0 });
    expect(tensor([[[1], [2]]]).shape).toEqual([1, 2, 1]);
    expect(tensor([true, false]).dtype).toBe("bool");
    expect(tensor(new Int32Array([1, 2])).dtype).toBe("int32");
    expect(tensor(new Uint8Array([1, 255])).toArray()).toEqual([1, 255]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
  });

  test("copies what it is given", () => {
    const source = new Float32Array([1, 2]);
    const t = tensor(source);
    source[0] = 9;
    const w = variable(t);
    w.assign(5);
    expect(t.toArray()).toEqual([1, 2]);
  });

  test("of patterns", () => {
    expect(full([2], true as never, { dtype: "bool" }).data()).toEqual(new Uint8Array([1, 1]));
    expect(ones([2], { dtype: "int32" }).data()).toEqual(new Int32Array([1, 1]));
    expect(arange(5, 0, -2).toArray()).toEqual([5, 3, 1]);
    expect(arange(3, 3).size).toBe(0);
    expect(linspace(0, 1, 1).toArray()).toEqual([0]);
    expect(eye(2, 3).toArray()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(oneHot(tensor([[2]], { dtype: "int32" }), 3).toArray()).toEqual([[[0, 0, 1]]]);
  });

  test("of patterns in other dtypes, whatever is left out before", () => {
    const whole = { dtype: "int32" } as const;
    expect(arange(3, whole).data()).toEqual(new Int32Array([0, 1, 2]));
    expect(arange(1, 3, whole).data()).toEqual(new Int32Array([1, 2]));
    expect(arange(1, 9, 4, whole).data()).toEqual(new Int32Array([1, 5]));
    expect(arange(3, undefined, 2).data()).toEqual(new Float32Array([0, 2]));
    expect(eye(2, whole).data()).toEqual(new Int32Array([1, 0, 0, 1]));
    expect(eye(1, 2, { dtype: "float64" }).data()).toEqual(new Float64Array([1, 0]));
  });

  test("says how many bytes they take", () => {
    const bytes = (["uint8", "float32", "float64", "int32", "bool"] as const).map(
      (dtype) => zeros([512, 512, 1], { dtype }).nbytes / 262_144,
    );
    expect(bytes).toEqual([1, 4, 8, 4, 4]);
  });

  test("round trips", () => {
    const nested = [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ];
    expect(tensor(nested).toArray()).toEqual(nested);
    expect(JSON.stringify({ x: tensor([1, 2]) })).toBe('{"x":[1,2]}');
  });

  test.each<[string, () => unknown, RegExp]>([
    ["uneven rows", () => tensor([[1, 2], [3]]), /rows must all have one shape.*list of 1.*list of 2/],
    ["text", () => tensor(["a" as never]), /numbers.*found "a" at \[0\]/],
    ["tensors in a list", () => tensor([[1], tensor([1]) as never]), /stack\(…\)/],
    [
      "a shape that does not fit",
      () => tensor([1, 2, 3], { shape: [2, 2] }),
      /3 numbers.*\[2, 2\].*4 elements/,
    ],
    ["a negative size", () => zeros([-1]), /\[-1\] is no shape/],
    ["a number as shape", () => zeros(3 as never), /a shape is a list/],
    ["an unknown dtype", () => zeros([1], { dtype: "float" as never }), /did you mean "float32"/],
    ["a label that is no class", () => oneHot([3], 3), /label 3 at position 0.*0 to 2/],
  ])("refuses %s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe("element types", () => {
  const whole = tensor([7, -7, 20_000_001], { dtype: "int32" });

  test("whole numbers stay exact where they can", () => {
    expect(whole.add(1).data()).toEqual(new Int32Array([8, -6, 20_000_002]));
    expect(whole.sum()).toMatchObject({ dtype: "int32" });
    expect(whole.sum().item()).toBe(20_000_001);
    expect(whole.max().item()).toBe(20_000_001);
    expect(whole.argMin().item()).toBe(1);
    expect(whole.equal(20_000_001).data()).toEqual(new Uint8Array([0, 0, 1]));
    const row = tensor([[1], [2]], { dtype: "int32" });
    expect(row.mul(tensor([10, 20], { dtype: "int32" })).toArray()).toEqual([
      [10, 20],
      [20, 40],
    ]);
  });

  test("fractions make float32, and so do division and means", () => {
    expect(whole.mul(0.5).toArray()).toEqual([3.5, -3.5, 10_000_000]);
    expect(whole.slice(0, 2).div(2).toArray()).toEqual([3.5, -3.5]);
    expect(whole.slice(0, 2).mean().dtype).toBe("float32");
    expect(whole.add(tensor([0.5, 0.5, 0.5])).dtype).toBe("float32");
  });

  test("bool counts as 0 and 1", () => {
    const hits = tensor([1, 5, 3]).greater(2);
    expect(hits.sum().item()).toBe(2);
    expect(hits.mean().item()).toBeCloseTo(2 / 3, 6);
    expect(hits.add(hits)).toMatchObject({ dtype: "int32" });
    expect(hits.add(hits).toArray()).toEqual([0, 2, 2]);
    expect(where(hits, 1, -1).toArray()).toEqual([-1, 1, 1]);
  });

  test("cast", () => {
    expect(tensor([1.9, -1.9, 0]).cast("int32").toArray()).toEqual([1, -1, 0]);
    expect(tensor([1.9, 0]).cast("bool").data()).toEqual(new Uint8Array([1, 0]));
    expect(tensor([2, 0], { dtype: "int32" }).cast("bool").cast("int32").toArray()).toEqual([1, 0]);
  });
});

describe("views", () => {
  test("share their numbers", () => {
    const x = arange(6).reshape([2, 3]);
    x.at(1).assign(tensor([7, 8, 9]));
    x.slice(0, 1).reshape([3]).assign(0);
    expect(x.toArray()).toEqual([
      [0, 0, 0],
      [7, 8, 9],
    ]);
    expect(x.at(1).slice(1).storage).toBe(x.storage);
  });

  test("slice takes negative and far positions like NumPy", () => {
    const x = arange(5);
    expect(x.slice(-2).toArray()).toEqual([3, 4]);
    expect(x.slice(1, -1).toArray()).toEqual([1, 2, 3]);
    expect(x.slice(3, 100).toArray()).toEqual([3, 4]);
    expect(x.slice(4, 2).toArray()).toEqual([]);
  });

  test("operations on views read the right part", () => {
    const x = arange(12).reshape([3, 4]);
    expect(
      x
        .slice(1, 3)
        .matmul(ones([4, 1]))
        .toArray(),
    ).toEqual([[22], [38]]);
    expect(x.at(2).add(x.at(0)).toArray()).toEqual([8, 10, 12, 14]);
    expect(x.slice(1).transpose().at(0).toArray()).toEqual([4, 8]);
  });
});

describe("odd sizes", () => {
  test("nothing and one element", () => {
    expect(zeros([0]).add(1).size).toBe(0);
    expect(zeros([0, 3]).sum(0).toArray()).toEqual([0, 0, 0]);
    expect(zeros([0, 3]).matmul(ones([3, 2])).shape).toEqual([0, 2]);
    expect(
      zeros([2, 0])
        .matmul(zeros([0, 2]))
        .toArray(),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(Number.isNaN(zeros([0]).mean().item())).toBe(true);
    expect(tensor([5]).softmax().toArray()).toEqual([1]);
    expect(concat([zeros([0, 2]), ones([1, 2])]).toArray()).toEqual([[1, 1]]);
    expect(zeros([3, 0]).transpose().shape).toEqual([0, 3]);
  });
});

describe("random numbers", () => {
  test("follow from the seed", () => {
    const draw = () =>
      [random.normal([5]), random.uniform([3]), random.permutation(9)].map((t) => t.toArray());
    seed(1);
    const first = draw();
    const next = draw();
    seed(1);
    expect(draw()).toEqual(first);
    expect(next).not.toEqual(first);
    seed(2);
    expect(draw()).not.toEqual(first);
  });

  test("have the distribution they should", () => {
    seed(4);
    const n = random.normal([100_000], { mean: 2, std: 3 });
    // Standard errors: 3/√100000 ≈ 0.01 of the mean; five of them.
    expect(Math.abs(n.mean().item() - 2)).toBeLessThan(0.05);
    expect(Math.abs(n.std().item() - 3)).toBeLessThan(0.05);
    const u = random.uniform([100_000], { low: -1, high: 1 });
    expect(u.min().item()).toBeGreaterThanOrEqual(-1);
    expect(u.max().item()).toBeLessThan(1);
    expect(Math.abs(u.mean().item())).toBeLessThan(0.01);
  });

  test("permutation has every number once", () => {
    const numbers = [...random.permutation(100).data()].sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
});

describe("mistakes", () => {
  const x = zeros([2, 3]);
  const mistakes: [string, () => Tensor | number, RegExp][] = [
    [
      "matmul",
      () => x.matmul(zeros([4, 3])),
      /\[2, 3\] · \[4, 3\] — inner sizes differ \(3 and 4\); did you mean b\.transpose\(\)\?/,
    ],
    ["matmul a", () => zeros([4, 2]).matmul(zeros([4, 5])), /did you mean a\.transpose\(\)\?/],
    ["matmul of scalars", () => x.matmul(tensor(2)), /use mul instead/],
    [
      "broadcasting",
      () => x.add(zeros([4])),
      /add: \[2, 3\] and \[4\] do not broadcast — axis 1 has sizes 3 and 4/,
    ],
    ["broadcasting a column", () => x.sub(zeros([2])), /\.reshape\(\[2, 1\]\)/],
    ["broadcasting a transpose", () => x.mul(zeros([3, 2])), /transpose\(\)/],
    ["an array", () => x.add([1, 2, 3] as never), /got an array — wrap it: tensor/],
    ["nothing", () => x.mul(undefined as never), /expected a tensor or a number, got undefined/],
    ["reshape", () => x.reshape([4, 2]), /6 elements, \[4, 2\] needs 8/],
    ["reshape with -1", () => x.reshape([4, -1]), /6 is not divisible by 4/],
    ["reshape, near miss", () => x.reshape([3, 4]), /did you mean \[3, 2\]\?/],
    ["axis", () => x.sum(2), /no axis 2 in a tensor of 2 axes.*did you mean 1/],
    ["axis twice", () => x.sum([0, -2]), /axis 0 is named twice/],
    ["index", () => x.at(2), /no index 2 along axis 0 of \[2, 3\] \(0 to 1/],
    ["gather", () => x.gather([0, 5]), /index 5 at position 1 is not in 0 to 1/],
    ["item", () => x.item(), /6 elements, not one/],
    ["concat", () => concat([x, zeros([2, 4])]), /\[2, 4\] does not fit \[2, 3\]/],
    ["stack", () => stack([x, zeros([2, 4])]), /all shapes must be equal/],
    ["max of nothing", () => zeros([0]).max(), /is empty/],
    ["squeeze", () => x.squeeze(0), /axis 0 of \[2, 3\] has size 2/],
    ["transpose", () => x.transpose([0, 0]), /must name each of the 2 axes/],
    ["assign", () => x.assign(zeros([5])), /5 elements.*6/],
    ["clip", () => x.clip(1, 0), /low \(1\) is above high \(0\)/],
  ];
  test.each(mistakes)("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
