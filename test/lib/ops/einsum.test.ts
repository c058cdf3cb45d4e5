// einsum on random equations against plain loops; whole numbers; mistakes.
import { describe, expect, test } from "vitest";
import { einsum, tensor, tensordot, zeros } from "../../../lib/index.ts";
import { generator } from "./row.ts";

/** The definition: for all values of all letters, the product of the elements, added to the element they name. */
function plain(inputs: string[], output: string, sizes: Map<string, number>, data: number[][]): number[] {
  const letters = [...new Set([...inputs.join(""), ...output])];
  const place = (names: string, at: Map<string, number>) =>
    [...names].reduce((index, letter) => index * sizes.get(letter)! + at.get(letter)!, 0);
  const result = new Array<number>([...output].reduce((n, letter) => n * sizes.get(letter)!, 1)).fill(0);
  const visit = (i: number, at: Map<string, number>): void => {
    if (i < letters.length) {
      for (let v = 0; v < sizes.get(letters[i]!)!; v++) visit(i + 1, new Map(at).set(letters[i]!, v));
      return;
    }
    const product = inputs.reduce((p, names, k) => p * data[k]![place(names, at)]!, 1);
    result[place(output, at)]! += product;
  };
  visit(0, new Map());
  return result;
}

test("random equations mean what their definition says", () => {
  const random = generator(11);
  const below = (n: number) => Math.floor(random() * n);
  for (let round = 0; round < 150; round++) {
    const letters = [..."cadbe"].slice(0, 2 + below(4));
    const sizes = new Map(letters.map((letter) => [letter, 1 + below(3)]));
    const inputs = Array.from({ length: 1 + below(4) }, () =>
      Array.from({ length: below(4) }, () => letters[below(letters.length)]!).join(""),
    );
    const known = [...new Set(inputs.join(""))];
    const output = known
      .filter(() => random() < 0.5)
      .sort(() => random() - 0.5)
      .join("");
    const data = inputs.map((names) =>
      Array.from({ length: [...names].reduce((n, letter) => n * sizes.get(letter)!, 1) }, () => below(7) - 3),
    );
    const equation = `${inputs.join(",")}->${output}`;
    const expected = plain(inputs, output, sizes, data).map((v) => v + 0);
    // Small whole numbers: exact in every type.
    for (const dtype of ["float32", "float64", "int32"] as const) {
      const tensors = inputs.map((names, i) =>
        tensor(data[i]!, { shape: [...names].map((letter) => sizes.get(letter)!), dtype }),
      );
      const result = einsum(equation, ...tensors);
      expect(result.dtype).toBe(dtype);
      expect(result.shape, equation).toEqual([...output].map((letter) => sizes.get(letter)!));
      expect(
        [...result.data()].map((v) => v + 0),
        equation,
      ).toEqual(expected);
    }
  }
});

test("whole numbers stay exact", () => {
  const x = tensor([16_777_217, 1], { dtype: "int32" });
  expect(einsum("i,i->", x, tensor([1, 2], { dtype: "int32" })).item()).toBe(16_777_219);
});

describe("mistakes", () => {
  const x = zeros([2, 3]);
  test.each<[string, () => unknown, RegExp]>([
    ["tensors", () => einsum("ij,jk->ik", x), /has 2 terms on the left, but 1 tensor was given/],
    ["letters", () => einsum("ijk->", x), /"ijk" in "ijk->" names 3 axes, the tensor has 2: \[2, 3\]/],
    [
      "sizes",
      () => einsum("ij,jk->ik", x, x),
      /"j" in "ij,jk->ik" stands for an axis of size 3 and, in "jk" \[2, 3\], for one of size 2/,
    ],
    [
      "a diagonal",
      () => einsum("ii->i", zeros([1, 3])),
      /"i" occurs twice in "ii".*\[1, 3\] must be of one size/,
    ],
    ["the right side", () => einsum("ij->k", x), /"k" on the right.*is not on the left/],
    ["twice on the right", () => einsum("ij->ii", x), /"i" occurs twice on the right/],
    ["arrows", () => einsum("ij->i->j", x), /more than one "->"/],
    ["a sign", () => einsum("i*j->", x), /"i\*j" in "i\*j->" — a term has letters/],
    ["no equation", () => einsum(x as never), /the equation comes first/],
    ["too many axes for the dots", () => einsum("...ijk->", x), /names at least 3 axes/],
    [
      "tensordot",
      () => tensordot(x, x, 1),
      /axis 1 of \[2, 3\] \(3\) is paired with axis 0 of \[2, 3\] \(2\)/,
    ],
    ["tensordot, lists", () => tensordot(x, x, [[0], [0, 1]]), /paired one to one/],
    ["tensordot, too many", () => tensordot(x, x, 3), /3 axes cannot be summed over/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
