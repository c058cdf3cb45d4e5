// einsum of whole numbers, and what it says about mistakes.
import { describe, expect, test } from "vitest";
import { einsum, tensor, tensordot, zeros } from "../../../lib/index.ts";

test("whole numbers stay exact", () => {
  const x = tensor([16_777_217, 1], { dtype: "int32" });
  expect(einsum("i,i->", x, tensor([1, 2], { dtype: "int32" })).item()).toBe(16_777_219);
});

test("of mixed types everything is computed in the one of the result", () => {
  const x = tensor([0.1, 0.3]);
  const one = tensor(1, { dtype: "float64" });
  expect(einsum("i,i,->", x, x, one).item()).toBe(
    einsum("i,i->", x.cast("float64"), x.cast("float64")).item(),
  );
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
