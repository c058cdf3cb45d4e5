// Plain numbers that meet tensors of whole numbers: what fits goes in as it is, what does not is refused where it would
// wrap around or lose its fraction without a word. And truth values, which are counted in whole numbers.
import { describe, expect, test } from "vitest";
import {
  add,
  clip,
  countNonzero,
  type DType,
  div,
  einsum,
  equal,
  floorDivide,
  fmax,
  fmin,
  fmod,
  full,
  fullLike,
  gradients,
  greater,
  lerp,
  maskedFill,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mod,
  mul,
  nanMax,
  nanSum,
  pad,
  pow,
  prod,
  scatter,
  scatterAdd,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
  variable,
  variance,
  where,
} from "../../../lib/index.ts";

type Way = (x: Tensor, value: number) => Tensor;

/** The dtype of the tensor stays, so the number has to be one of its numbers. */
const keeping: Readonly<Record<string, Way>> = {
  full: (x, value) => full([2], value, { dtype: x.dtype }),
  fullLike,
  assign: (x, value) => x.assign(value),
  set: (x, value) => x.set(0, value),
  with: (x, value) => x.with(0, value),
  scatter: (x, value) => scatter(x, tensor([0]), value),
  scatterAdd: (x, value) => scatterAdd(x, tensor([0]), value),
  pad: (x, value) => pad(x, 1, { value }),
  maskedFill: (x, value) => maskedFill(x, tensor([true, false]), value),
};

/** The number stays as it is, but a fraction takes the tensor along to float32. */
const meeting: Readonly<Record<string, Way>> = {
  add,
  sub,
  mul,
  pow,
  mod,
  fmod,
  floorDivide,
  maximum,
  minimum,
  fmax,
  fmin,
  where: (x, value) => where(tensor([true, false]), x, value),
};

const two = (dtype: DType): Tensor => tensor([1, 0], { dtype });
const large = 3_000_000_000;
const fractions = [1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

function refusal(name: string, value: number, dtype: DType, wider: DType): string {
  const range = dtype === "uint8" ? "0 to 255" : "-2147483648 to 2147483647";
  return (
    `${name}: ${value} does not fit into ${dtype} (whole numbers from ${range}) — take ${wider}: x.cast("${wider}"), or ` +
    `{ dtype: "${wider}" } where the tensor is made`
  );
}

describe.each(Object.entries(keeping))("%s keeps the dtype", (name, way) => {
  test("of a number that fits", () => {
    for (const value of [0, 7, 255]) expect(way(two("uint8"), value).dtype).toBe("uint8");
    for (const value of [-7, 2147483647, -2147483648]) {
      const { dtype } = way(tensor([0, 0], { dtype: "int32" }), value);
      expect(dtype).toBe("int32");
    }
  });

  test("and refuses others", () => {
    for (const value of [300, -1]) {
      expect(() => way(two("uint8"), value)).toThrow(refusal(name, value, "uint8", "int32"));
    }
    expect(() => way(two("uint8"), large)).toThrow(refusal(name, large, "uint8", "float64"));
    expect(() => way(two("int32"), large)).toThrow(refusal(name, large, "int32", "float64"));
    for (const value of fractions) {
      for (const dtype of ["uint8", "int32"] as const) {
        expect(() => way(two(dtype), value)).toThrow(refusal(name, value, dtype, "float32"));
      }
    }
  });

  test("of truth values, for which every number but 0 is true", () => {
    for (const value of [300, -1, large, ...fractions]) {
      const result = way(two("bool"), value);
      expect(result.dtype).toBe("bool");
      expect(result.view()).toContain(1);
      expect(new Set(result.view())).not.toContain(value);
    }
  });
});

describe.each(Object.entries(meeting))("%s", (name, way) => {
  test("refuses a whole number that the dtype does not hold", () => {
    for (const value of [300, -1]) {
      expect(() => way(two("uint8"), value)).toThrow(refusal(name, value, "uint8", "int32"));
    }
    expect(() => way(two("uint8"), large)).toThrow(refusal(name, large, "uint8", "float64"));
    // Truth values count as int32 here.
    for (const dtype of ["int32", "bool"] as const) {
      expect(() => way(two(dtype), large)).toThrow(refusal(name, large, "int32", "float64"));
      expect(() => way(two(dtype), -large)).toThrow(refusal(name, -large, "int32", "float64"));
    }
  });

  test("keeps the dtype for one that it holds, and gives float32 for a fraction", () => {
    expect([two("uint8"), two("int32"), two("bool")].map((x) => way(x, 255).dtype)).toEqual([
      "uint8",
      "int32",
      "int32",
    ]);
    for (const value of fractions) {
      for (const dtype of ["uint8", "int32", "bool"] as const) {
        const floats = way(two("float32"), value);
        const result = way(two(dtype), value);
        expect([result.dtype, result.toArray()]).toEqual(["float32", floats.toArray()]);
      }
    }
  });

  test("takes any number beside fractions", () => {
    for (const dtype of ["float32", "float64"] as const) {
      for (const value of [300, -1, large, ...fractions]) expect(way(two(dtype), value).dtype).toBe(dtype);
    }
  });
});

test("numbers on the left are held to the same", () => {
  expect(() => sub(300, two("uint8"))).toThrow(/^sub: 300 does not fit into uint8/);
  expect(() => where(tensor([true, false]), -1, two("uint8"))).toThrow(/^where: -1 does not fit into uint8/);
});

test("results that leave the range wrap around as before, as do tensors that are cast", () => {
  expect(two("uint8").sub(1).toArray()).toEqual([0, 255]);
  expect(two("int32").add(2147483647).toArray()).toEqual([-2147483648, 2147483647]);
  expect(two("uint8").with(0, tensor(300)).toArray()).toEqual([44, 0]);
});

test("comparisons and divisions take every number, since they make none of the dtype", () => {
  expect(greater(two("uint8"), -1).toArray()).toEqual([1, 1]);
  expect(equal(two("uint8"), 257).toArray()).toEqual([0, 0]);
  expect(greater(two("int32"), large).toArray()).toEqual([0, 0]);
  expect(div(two("uint8"), -1).toArray()).toEqual([-1, -0]);
  expect(lerp(two("uint8"), tensor([3, 4], { dtype: "uint8" }), -1).toArray()).toEqual([-1, -4]);
});

test("lists and rows are converted as cast does it: fractions are cut off, what is out of range is refused", () => {
  expect(tensor([1.9, -1.9], { dtype: "int32" }).toArray()).toEqual([1, -1]);
  expect(tensor([255.9, -0.5], { dtype: "uint8" }).toArray()).toEqual([255, 0]);
  expect(() => tensor([1, 300], { dtype: "uint8" })).toThrow(
    'tensor: 300 at position 1 does not fit into uint8 (whole numbers from 0 to 255) — take int32: x.cast("int32")',
  );
});

describe("clip", () => {
  const bytes = tensor([0, 100, 255], { dtype: "uint8" });

  test("overlooks a bound beyond the range, where no number is, as NumPy does", () => {
    expect(clip(bytes, -5, 300)).toMatchObject({ dtype: "uint8" });
    expect(clip(bytes, -5, 300).toArray()).toEqual([0, 100, 255]);
    expect(clip(bytes, 50).toArray()).toEqual([50, 100, 255]);
    expect(clip(tensor([5], { dtype: "int32" }), -large, large).toArray()).toEqual([5]);
  });

  test("refuses one that all numbers would become", () => {
    expect(() => clip(bytes, 300)).toThrow(refusal("clip", 300, "uint8", "int32"));
    expect(() => clip(bytes, undefined, -1)).toThrow(refusal("clip", -1, "uint8", "int32"));
    expect(() => clip(two("int32"), large)).toThrow(refusal("clip", large, "int32", "float64"));
    expect(() => clip(two("bool"), Infinity)).toThrow(refusal("clip", Infinity, "int32", "float32"));
  });
});

describe("truth values", () => {
  const flags = tensor([
    [true, true],
    [false, true],
  ]);

  test("are counted in int32, as products and running sums are", () => {
    for (const count of [sum, nanSum, prod, countNonzero]) {
      expect(count(flags)).toMatchObject({ dtype: "int32" });
      expect(count(flags, [])).toMatchObject({ dtype: "int32", shape: [2, 2] });
    }
    expect(sum(flags).toString()).toBe("tensor(3, int32)");
    expect(sum(flags, 0).toArray()).toEqual([1, 2]);
    expect(sum(flags, 1, { keepDims: true }).toArray()).toEqual([[2], [1]]);
    expect(sum(tensor([], { dtype: "bool" })).item()).toBe(0);
    for (const count of [
      trace(flags),
      matmul(flags, flags),
      einsum("ij->j", flags),
      einsum("ij,ij->", flags, flags),
    ]) {
      expect(count.dtype).toBe("int32");
    }
  });

  test("beyond what float32 counts", () => {
    expect(
      full([2 ** 24 + 3], 1, { dtype: "bool" })
        .sum()
        .item(),
    ).toBe(2 ** 24 + 3);
  });

  test("have a share, a mean and a variance in float32", () => {
    for (const measure of [mean, variance]) expect(measure(flags).dtype).toBe("float32");
    expect(mean(flags).item()).toBe(0.75);
    const share = sum(flags).div(flags.size);
    expect([share.dtype, share.item()]).toEqual(["float32", 0.75]);
    expect(sum(flags, 0).div(sum(flags)).toArray()).toEqual([Math.fround(1 / 3), Math.fround(2 / 3)]);
  });

  test("have a largest and a smallest, which are truth values; so are bytes", () => {
    for (const extreme of [max, min, nanMax]) {
      expect(extreme(flags).dtype).toBe("bool");
      expect(extreme(tensor([3, 200], { dtype: "uint8" })).dtype).toBe("uint8");
    }
    expect(max(flags, 1).toArray()).toEqual([1, 1]);
    expect(min(flags, 1).toArray()).toEqual([1, 0]);
  });

  test("carry no gradient, and stop none beside them", () => {
    const w = variable([1, 2]);
    const loss = w.mul(sum(flags, 0)).sum().div(sum(flags));
    expect(gradients(loss, [w])[0]!.toArray()).toEqual([Math.fround(1 / 3), Math.fround(2 / 3)]);
    expect(sum(w.greater(1)).requiresGrad).toBe(false);
    expect(sum(w.greater(1)).node).toBe(null);
  });
});
