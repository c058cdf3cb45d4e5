// Element types: what holds what, how types meet, how numbers change type, and training in float64.
import { describe, expect, test } from "vitest";
import {
  adam,
  checkGradients,
  concat,
  type DType,
  full,
  fullLike,
  gradients,
  type Optimizer,
  scatter,
  scatterAdd,
  seed,
  sgd,
  softmaxCrossEntropy,
  type Tensor,
  tensor,
  variable,
  where,
  zeros,
} from "../../../lib/index.ts";
import { conv2d } from "../../../lib/ops/convolution.ts";
import { dropout } from "../../../lib/ops/dropout.ts";
import { maxPool2d } from "../../../lib/ops/pooling.ts";

const types: DType[] = ["float32", "float64", "int32", "uint8", "bool"];

describe("a typed array", () => {
  test("keeps its type where there is such a dtype, and comes back as it was", () => {
    for (const [array, dtype] of [
      [new Float32Array([1, 2]), "float32"],
      [new Float64Array([0.1, 2]), "float64"],
      [new Int32Array([-1, 2]), "int32"],
      [new Uint8Array([1, 255]), "uint8"],
    ] as const) {
      expect(tensor(array).dtype).toBe(dtype);
      expect(tensor(array).data()).toEqual(array);
    }
    expect(tensor(new Int16Array([-1]) as never).dtype).toBe("float32");
  });
});

test("the largest and smallest of a type are of that type, as in NumPy and PyTorch", () => {
  for (const dtype of types) {
    const x = tensor([[1, 0]], { dtype });
    expect([x.max(), x.min(1), x.max(0, { keepDims: true })].map(String)).toEqual(
      [tensor(1, { dtype }), tensor([0], { dtype }), tensor([[1, 0]], { dtype })].map(String),
    );
  }
});

test("truth values are written like numbers", () => {
  const mask = full([3], true);
  expect(`${mask.set(1, false)}`).toBe("tensor([ true, false,  true], bool)");
  expect(`${mask.with([0, 2], false)}`).toBe("tensor([false, false, false], bool)");
  expect(`${fullLike(mask, true)} ${full([1], true, { dtype: "int32" })}`).toBe(
    "tensor([true, true, true], bool) tensor([1], int32)",
  );
  expect(zeros([2]).set(0, true).toArray()).toEqual([1, 0]);
});

describe("types that meet", () => {
  const of = (dtype: DType) => tensor([1, 0], { dtype });
  // Rows and columns in the order of `types`.
  const expected: DType[][] = [
    ["float32", "float64", "float32", "float32", "float32"],
    ["float64", "float64", "float64", "float64", "float64"],
    ["float32", "float64", "int32", "int32", "int32"],
    ["float32", "float64", "int32", "uint8", "int32"],
    ["float32", "float64", "int32", "int32", "int32"],
  ];

  test("add up to the type that holds both", () => {
    expect(types.map((a) => types.map((b) => of(a).add(of(b)).dtype))).toEqual(expected);
  });

  test("join and are chosen between likewise, truth values staying such", () => {
    const joined = expected.map((row) => [...row]);
    joined[4]![4] = "bool";
    expect(types.map((a) => types.map((b) => concat([of(a), of(b)]).dtype))).toEqual(joined);
    const condition = tensor([true, false]);
    expect(types.map((a) => types.map((b) => where(condition, of(a), of(b)).dtype))).toEqual(joined);
    for (const a of types) expect(where(condition, of(a), 0).toArray()).toEqual([1, 0]);
  });

  test("plain numbers do not promote, fractions make whole numbers float32", () => {
    expect(types.map((a) => of(a).mul(2).dtype)).toEqual(["float32", "float64", "int32", "uint8", "int32"]);
    expect(types.map((a) => of(a).mul(0.5).dtype)).toEqual([
      "float32",
      "float64",
      "float32",
      "float32",
      "float32",
    ]);
  });

  test("compare exactly", () => {
    const large = tensor([16777217], { dtype: "float64" });
    expect(large.equal(tensor([16777216])).toArray()).toEqual([0]);
    expect(large.greater(tensor([16777216], { dtype: "int32" })).dtype).toBe("bool");
    expect(tensor([0.1], { dtype: "float64" }).equal(0.1).toArray()).toEqual([1]);
  });

  test("hand gradients back in the type of each", () => {
    const a = variable([2]);
    const b = variable([3], { dtype: "float64" });
    const found = gradients(a.mul(b).sum(), [a, b]);
    expect(found.map((g) => [g.dtype, g.item()])).toEqual([
      ["float32", 3],
      ["float64", 2],
    ]);
  });
});

describe("uint8", () => {
  const bytes = tensor(new Uint8Array([200, 100, 0]));

  test("wraps around as in NumPy, sums and means do not", () => {
    expect(bytes.add(bytes)).toMatchObject({ dtype: "uint8" });
    expect(bytes.add(bytes).toArray()).toEqual([144, 200, 0]);
    expect(bytes.sub(1).toArray()).toEqual([199, 99, 255]);
    expect(bytes.sum()).toMatchObject({ dtype: "int32" });
    expect(bytes.sum().item()).toBe(300);
    expect(bytes.mean().item()).toBe(100);
    expect(bytes.max().item()).toBe(200);
    expect(bytes.argMin().item()).toBe(2);
    expect(bytes.div(255).dtype).toBe("float32");
    // The pixels of some thousand images.
    const many = full([8_500_000], 255, { dtype: "uint8" });
    expect(() => many.sum()).toThrow(/^sum: 2167500000 does not fit into int32.*cast\("float64"\)/);
    expect(many.cast("float64").sum().item()).toBe(2_167_500_000);
    expect(
      full([2], -(2 ** 30), { dtype: "int32" })
        .sum()
        .item(),
    ).toBe(-(2 ** 31));
  });

  test("takes one byte an element, and all that moves elements works on it", () => {
    const x = tensor(
      Uint8Array.from({ length: 24 }, (_, i) => i),
      { shape: [2, 3, 4] },
    );
    expect(x.storage.bytes).toBe(24);
    const same = (change: (t: Tensor) => Tensor) => {
      const moved = change(x);
      expect(moved.dtype).toBe("uint8");
      expect(moved.toArray()).toEqual(change(x.cast("float32")).toArray());
    };
    same((t) => t.transpose([2, 0, 1]));
    same((t) => t.reshape([6, 4]).transpose());
    same((t) => t.slice(1, 3, { axis: 2 }));
    same((t) => t.slice(1));
    same((t) => t.at(1, 2));
    same((t) => t.gather([1, 0, 1]));
    same((t) => concat([t, t], 1));
    same((t) => t.at(0, 0).broadcastTo([2, 4]));
    same((t) => t.clone());
    same((t) => full([2], 7, { dtype: t.dtype }));
  });
});

describe("cast", () => {
  test("wraps to uint8, saturates to int32, both from every type", () => {
    const values = tensor([255.9, 256, -1, 3e9], { dtype: "float64" });
    expect(values.cast("uint8").data()).toEqual(new Uint8Array([255, 0, 255, 3e9 % 256]));
    expect(values.cast("int32").data()).toEqual(new Int32Array([255, 256, -1, 2147483647]));
    expect(values.cast("float32").cast("int32").data()).toEqual(values.cast("int32").data());
    expect(tensor([Number.NaN], { dtype: "float64" }).cast("int32").item()).toBe(0);
  });

  test("copies: what is set in the result leaves the original alone", () => {
    const flags = tensor([true, false]);
    flags.cast("float32").set(0, 5);
    expect(flags.cast("int32").toArray()).toEqual([1, 0]);
  });

  test("to bool is true for all but 0, NaN too, and so are truth values made of numbers", () => {
    const values = [Number.NaN, 0, -0, 0.5];
    for (const flags of [
      tensor(values).cast("bool"),
      tensor(values, { dtype: "bool" }),
      tensor(Float64Array.from(values), { dtype: "bool" }),
    ]) {
      expect(flags.toArray()).toEqual([1, 0, 0, 1]);
    }
    expect(full([1], Number.NaN, { dtype: "bool" }).toArray()).toEqual([1]);
    expect(scatterAdd(tensor([true, false]), tensor([0, 0]), 1).toArray()).toEqual([1, 0]);
  });

  test("keeps 0 and 1 between any two types", () => {
    for (const from of types) {
      for (const to of types) {
        const result = tensor([1, 0, 1], { dtype: from }).cast(to);
        expect([result.dtype, result.toArray()]).toEqual([to, [1, 0, 1]]);
      }
    }
  });
});

describe("mistakes", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["double", () => zeros([1], { dtype: "double" as never }), /did you mean "float64"/],
    ["int64", () => zeros([1], { dtype: "int64" as never }), /did you mean "int32"/],
    ["complex", () => zeros([1], { dtype: "complex" as never }), /known are "float32", "float64"/],
    ["what uint8 does not hold", () => tensor([256], { dtype: "uint8" }), /256 at position 0.*uint8/],
    [
      "what int32 does not hold",
      () => tensor(new Float64Array([3e9]), { dtype: "int32" }),
      /does not fit into int32/,
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe("float64", () => {
  test("carries 16 digits through every step", () => {
    const third = tensor([1], { dtype: "float64" }).div(3);
    expect(third.item()).toBe(1 / 3);
    expect(third.toString()).toBe("tensor([0.3333], float64)");
    expect(tensor([1e-300], { dtype: "float64" }).log().item()).toBe(Math.log(1e-300));
  });

  test("trains as float32 does: convolution, pooling, dropout and a dense layer, with both optimizers", () => {
    const waves = (shape: number[], phase: number, dtype: DType) =>
      tensor(
        Float64Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 1.7 + phase)),
        { shape, dtype },
      );
    const labels = tensor([0, 1, 0, 1], { dtype: "int32" });
    const losses = (dtype: "float32" | "float64", make: (parameters: Tensor[]) => Optimizer) => {
      seed(1);
      const x = waves([4, 6, 6, 1], 0, dtype);
      const filters = variable(waves([3, 3, 1, 2], 1, dtype).mul(0.3));
      const weights = variable(waves([8, 2], 2, dtype).mul(0.3));
      // A bias in float32 among them: each type has an arena of its own.
      const bias = variable([0, 0]);
      const optimizer = make([filters, weights, bias]);
      const loss = () => {
        const pooled = maxPool2d(conv2d(x, filters, { activation: "relu" }));
        return softmaxCrossEntropy(dropout(pooled.flatten(1), 0.1, true).matmul(weights).add(bias), labels);
      };
      const all = [filters, weights, bias];
      const found = Array.from({ length: 20 }, () => optimizer.minimize(loss, all));
      expect(all.map((parameter) => parameter.grad?.dtype)).toEqual([dtype, dtype, "float32"]);
      return found;
    };
    for (const make of [
      (p: Tensor[]) => sgd(p, { learningRate: 0.05, momentum: 0.9, nesterov: true }),
      (p: Tensor[]) => sgd(p, { learningRate: 0.05, momentum: 0.5 }),
      (p: Tensor[]) => adam(p, { learningRate: 0.02 }),
    ]) {
      const single = losses("float32", make);
      losses("float64", make).forEach((value, i) => {
        // Twenty steps of float32 drift by some roundings each.
        expect(Math.abs(value - single[i]!)).toBeLessThan(1e-5);
      });
      expect(single[19]!).toBeLessThan(single[0]!);
    }
  });

  test("makes checks of gradients sharp", () => {
    const x = tensor([0.3, -1.2, 2.5]);
    expect(checkGradients((v) => v.sin().mul(v.exp()), [x]).worst).toBeLessThan(1e-9);
    // A gradient wrong by one part in a hundred thousand is found.
    const wrong = (v: Tensor) => v.square().add(v.detach().sub(v).mul(2e-5));
    expect(checkGradients(wrong, [x]).ok).toBe(false);
  });
});

describe("plain numbers keep their digits on the way into a tensor", () => {
  test("of doubles", () => {
    const x = zeros([2], { dtype: "float64" });
    const found = [x.with(0, 1 / 7).at(0), x.set(1, 1 / 7).at(1), scatter(x, tensor([0]), 1 / 7).at(0)];
    expect(found.map((v) => v.item())).toEqual([1 / 7, 1 / 7, 1 / 7]);
  });

  test("of whole numbers", () => {
    const x = zeros([2], { dtype: "int32" });
    const found = [
      x.with(0, 16_777_217).at(0),
      x.set(1, 16_777_217).at(1),
      scatterAdd(x, tensor([0]), 16_777_217).at(0),
    ];
    expect(found.map((v) => v.item())).toEqual([16_777_217, 16_777_217, 16_777_217]);
  });
});

describe("matrix products of whole numbers", () => {
  test("are exact where float32 would round, and stay whole", () => {
    const x = tensor([[16_777_217, 1]], { dtype: "int32" });
    const y = x.matmul(tensor([[1], [2]], { dtype: "int32" }));
    expect([y.dtype, y.toArray()]).toEqual(["int32", [[16_777_219]]]);
    // 46,341² is just above 2³¹.
    const large = tensor([46_341], { dtype: "int32" });
    expect(large.matmul(large).item()).toBe((46_341 ** 2) | 0);
  });

  test("meet in the type that operands meet in", () => {
    const of = (dtype: DType) =>
      tensor([
        [1, 1],
        [0, 1],
      ]).cast(dtype);
    const found = types.map((a) => types.map((b) => of(a).matmul(of(b)).dtype));
    const [f, d, i] = ["float32", "float64", "int32"];
    expect(found).toEqual([
      [f, d, f, f, f],
      [d, d, d, d, d],
      [f, d, i, i, i],
      [f, d, i, "uint8", i],
      [f, d, i, i, i],
    ]);
    const bytes = tensor([[200, 100]], { dtype: "uint8" });
    expect(bytes.matmul(tensor([[1], [1]], { dtype: "uint8" })).item()).toBe(300 - 256);
    expect(of("bool").matmul(of("bool")).toArray()).toEqual([
      [1, 2],
      [0, 1],
    ]);
  });

  test("of empty stacks, and of nothing to add up", () => {
    for (const dtype of types) {
      expect(
        zeros([1, 2, 0], { dtype })
          .matmul(zeros([0, 3], { dtype }))
          .toArray(),
      ).toEqual([
        [
          [0, 0, 0],
          [0, 0, 0],
        ],
      ]);
      expect(zeros([0, 2, 3], { dtype }).matmul(zeros([3, 1], { dtype })).shape).toEqual([0, 2, 1]);
    }
  });
});
