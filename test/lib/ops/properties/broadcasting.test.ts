// Broadcasting at random shapes: values against plain loops, gradients summed back to the shape they belong to.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as lectern from "../../../../lib/index.ts";
import { gradients, type Tensor, variable } from "../../../../lib/index.ts";
import {
  always,
  broadcasting,
  commonShape,
  dtypes,
  expectExactly,
  floating,
  indexOf,
  paired,
  positions,
  whole,
  wholeTensor,
} from "../arbitraries.ts";

type Pair = (a: number, b: number) => number;

/** Operations with their slopes by a and by b. */
const operations: [string, (a: Tensor, b: Tensor) => Tensor, Pair, Pair, Pair][] = [
  ["add", lectern.add, (a, b) => a + b, () => 1, () => 1],
  ["sub", lectern.sub, (a, b) => a - b, () => 1, () => -1],
  ["mul", lectern.mul, (a, b) => a * b, (_, b) => b, (a) => a],
  ["maximum", lectern.maximum, Math.max, (a, b) => half(a - b), (a, b) => half(b - a)],
  ["minimum", lectern.minimum, Math.min, (a, b) => half(b - a), (a, b) => half(a - b)],
];

/** 1 for the one that was chosen; both get a half where they are equal. */
function half(ahead: number): number {
  return ahead > 0 ? 1 : ahead < 0 ? 0 : 0.5;
}

describe.each(operations)("%s", (_, call, plain, slopeA, slopeB) => {
  test("pairs what NumPy's rule pairs", () => {
    always(
      fc.property(broadcasting(2), fc.nat(50), dtypes, ([p, q], salt, dtype) => {
        const [a, b] = [whole(p!, salt), whole(q!, salt + 17)];
        const shape = commonShape([p!, q!]);
        const expected = positions(shape).map((at) =>
          plain(a[indexOf(p!, paired(p!, at))]!, b[indexOf(q!, paired(q!, at))]!),
        );
        const result = call(wholeTensor(p!, salt, dtype), wholeTensor(q!, salt + 17, dtype));
        expect(result.dtype).toBe(dtype);
        expectExactly(result, shape, expected);
      }),
    );
  });

  test("sends each element the sum of the gradients of all its pairs", () => {
    always(
      fc.property(broadcasting(2), fc.nat(50), floating, ([p, q], salt, dtype) => {
        const [a, b] = [whole(p!, salt), whole(q!, salt + 17)];
        const shape = commonShape([p!, q!]);
        const weights = whole(shape, salt + 5);
        const [da, db] = [a.map(() => 0), b.map(() => 0)];
        positions(shape).forEach((at, i) => {
          const [j, k] = [indexOf(p!, paired(p!, at)), indexOf(q!, paired(q!, at))];
          da[j]! += weights[i]! * slopeA(a[j]!, b[k]!);
          db[k]! += weights[i]! * slopeB(a[j]!, b[k]!);
        });
        const x = variable(wholeTensor(p!, salt, dtype));
        const y = variable(wholeTensor(q!, salt + 17, dtype));
        const loss = call(x, y)
          .mul(wholeTensor(shape, salt + 5, dtype))
          .sum();
        const [dx, dy] = gradients(loss, [x, y]) as [Tensor, Tensor];
        expectExactly(dx, p!, da);
        expectExactly(dy, q!, db);
      }),
    );
  });
});

test("where chooses between three shapes", () => {
  always(
    fc.property(broadcasting(3), fc.nat(50), dtypes, ([c, p, q], salt, dtype) => {
      const truths = whole(c!, salt).map((v) => v > 0);
      const [a, b] = [whole(p!, salt + 3), whole(q!, salt + 17)];
      const shape = commonShape([c!, p!, q!]);
      const expected = positions(shape).map((at) =>
        truths[indexOf(c!, paired(c!, at))]
          ? a[indexOf(p!, paired(p!, at))]!
          : b[indexOf(q!, paired(q!, at))]!,
      );
      const condition = wholeTensor(c!, salt).greater(0);
      const chosen = lectern.where(
        condition,
        wholeTensor(p!, salt + 3, dtype),
        wholeTensor(q!, salt + 17, dtype),
      );
      expectExactly(chosen, shape, expected);
    }),
  );
});

test("shapes that do not fit are refused, whatever else fits", () => {
  always(
    fc.property(broadcasting(2), fc.nat(3), fc.nat(3), ([p, q], at, salt) => {
      const [left, right] = [
        [...p!, 2, 4, 2],
        [...q!, 2, 4, 2],
      ];
      left[left.length - 1 - (at % 3)] = 3;
      expect(() => lectern.add(wholeTensor(left, salt), wholeTensor(right, salt))).toThrow(
        /add: .* do not broadcast — axis \d+ has sizes/,
      );
    }),
  );
});
