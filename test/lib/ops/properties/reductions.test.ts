// Reductions over random axes of random shapes, running results and their inverses, against plain loops.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as lectern from "../../../../lib/index.ts";
import { gradients, type Tensor, variable } from "../../../../lib/index.ts";
import {
  always,
  dtypes,
  expectClose,
  expectExactly,
  floating,
  indexOf,
  positions,
  shapes,
  shapesWithAxis,
  whole,
  wholeTensor,
} from "../arbitraries.ts";

/** A shape and some of its axes, each counted from either end, in any order. */
const reductions = shapes({ most: 5 }).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    places: fc.shuffledSubarray(shape.map((_, i) => i)),
    fromEnd: fc.boolean(),
    keepDims: fc.boolean(),
    salt: fc.nat(50),
  }),
);

interface Groups {
  shape: number[];
  /** For each element of the result the numbers it is made of, and where those are. */
  members: { values: number[]; at: number[] }[];
}

function grouped(
  shape: readonly number[],
  places: readonly number[],
  keepDims: boolean,
  numbers: readonly number[],
): Groups {
  const kept = shape.map((size, i) => (places.includes(i) ? 1 : size));
  const members = Array.from({ length: kept.reduce((a, b) => a * b, 1) }, () => ({
    values: [] as number[],
    at: [] as number[],
  }));
  positions(shape).forEach((position, i) => {
    const group =
      members[
        indexOf(
          kept,
          position.map((v, axis) => (places.includes(axis) ? 0 : v)),
        )
      ]!;
    group.values.push(numbers[i]!);
    group.at.push(i);
  });
  return { shape: keepDims ? kept : kept.filter((_, i) => !places.includes(i)), members };
}

const total = (values: number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: number[]) => total(values) / values.length;
const variance = (values: number[]) => mean(values.map((v) => (v - mean(values)) ** 2));

describe("over any axes", () => {
  test("sum, max, min, any, all, countNonzero", () => {
    always(
      fc.property(reductions, dtypes, ({ shape, places, fromEnd, keepDims, salt }, dtype) => {
        const numbers = whole(shape, salt);
        const { shape: wanted, members } = grouped(shape, places, keepDims, numbers);
        const axes = fromEnd ? places.map((i) => i - shape.length) : places;
        const x = wholeTensor(shape, salt, dtype);
        const check = (found: Tensor, of: (values: number[]) => number) =>
          expectExactly(
            found,
            wanted,
            members.map(({ values }) => of(values)),
          );
        check(x.sum(axes, { keepDims }), total);
        check(x.any(axes, { keepDims }), (values) => Number(values.some((v) => v !== 0)));
        check(x.all(axes, { keepDims }), (values) => Number(values.every((v) => v !== 0)));
        check(lectern.countNonzero(x, axes, { keepDims }), (values) => values.filter((v) => v !== 0).length);
        if (members.some(({ values }) => values.length === 0)) {
          expect(() => x.max(axes, { keepDims })).toThrow(/is empty, it has no max/);
          return;
        }
        if (places.some((i) => shape[i] === 0)) return;
        check(x.max(axes, { keepDims }), (values) => Math.max(...values));
        check(x.min(axes, { keepDims }), (values) => Math.min(...values));
      }),
    );
  });

  test("mean, variance, std, logSumExp", () => {
    always(
      fc.property(reductions, floating, ({ shape, places, keepDims, salt }, dtype) => {
        fc.pre(places.every((i) => shape[i]! > 0));
        const { shape: wanted, members } = grouped(shape, places, keepDims, whole(shape, salt));
        const x = wholeTensor(shape, salt, dtype);
        const check = (found: Tensor, of: (values: number[]) => number) =>
          expectClose(
            found,
            wanted,
            members.map(({ values }) => of(values)),
            dtype === "float32" ? 1e-6 : 1e-14,
          );
        check(x.mean(places, { keepDims }), mean);
        check(x.variance(places, { keepDims }), variance);
        check(x.std(places, { keepDims }), (values) => Math.sqrt(variance(values)));
        check(lectern.logSumExp(x, places, { keepDims }), (values) => Math.log(total(values.map(Math.exp))));
      }),
    );
  });

  test("gradients of sums and maxima go back to what they are made of", () => {
    always(
      fc.property(reductions, floating, ({ shape, places, keepDims, salt }, dtype) => {
        fc.pre(shape.every((size) => size > 0));
        const numbers = whole(shape, salt);
        const { shape: wanted, members } = grouped(shape, places, keepDims, numbers);
        const weights = whole(wanted, salt + 1);
        const gradientOf = (call: (x: Tensor) => Tensor): Tensor => {
          const x = variable(wholeTensor(shape, salt, dtype));
          return gradients(
            call(x)
              .mul(wholeTensor(wanted, salt + 1))
              .sum(),
            [x],
          )[0]!;
        };
        const expected = (share: (value: number, all: number[]) => number) => {
          const slopes = numbers.map(() => 0);
          members.forEach(({ values, at }, i) => {
            at.forEach((place, k) => {
              slopes[place] = weights[i]! * share(values[k]!, values);
            });
          });
          return slopes;
        };
        expectExactly(
          gradientOf((x) => x.sum(places, { keepDims })),
          shape,
          expected(() => 1),
        );
        expectClose(
          gradientOf((x) => x.max(places, { keepDims })),
          shape,
          expected((v, all) =>
            v === Math.max(...all) ? 1 / all.filter((other) => other === Math.max(...all)).length : 0,
          ),
          1e-6,
        );
      }),
    );
  });
});

/** The positions along an axis, row by row. */
function rowsOf(shape: readonly number[], place: number): number[][] {
  return positions(shape.map((size, i) => (i === place ? 1 : size))).map((start) =>
    Array.from({ length: shape[place]! }, (_, k) =>
      indexOf(
        shape,
        start.map((v, i) => (i === place ? k : v)),
      ),
    ),
  );
}

describe("along one axis", () => {
  test("argMax and argMin name the first of the largest and smallest", () => {
    always(
      fc.property(shapesWithAxis(), dtypes, fc.nat(50), ({ shape, axis, place }, dtype, salt) => {
        fc.pre(shape[place]! > 0);
        // Few different numbers, so that there are equals.
        const numbers = whole(shape, salt).map((v) => Math.round(v / 4));
        const x = lectern.tensor(numbers, { shape, dtype });
        const wanted = shape.filter((_, i) => i !== place);
        const first = (of: (...values: number[]) => number) =>
          rowsOf(shape, place).map((row) => {
            const values = row.map((i) => numbers[i]!);
            return values.indexOf(of(...values));
          });
        expectExactly(x.argMax(axis), wanted, first(Math.max));
        expectExactly(x.argMin(axis), wanted, first(Math.min));
      }),
    );
  });

  test("cumSum, cumMax, cumMin run along it; diff takes cumSum back", () => {
    always(
      fc.property(shapesWithAxis(), dtypes, fc.nat(50), ({ shape, axis, place }, dtype, salt) => {
        const numbers = whole(shape, salt);
        const running = (of: (...values: number[]) => number) => {
          const result = [...numbers];
          for (const row of rowsOf(shape, place)) {
            row.forEach((i, k) => {
              result[i] = of(...row.slice(0, k + 1).map((j) => numbers[j]!));
            });
          }
          return result;
        };
        const x = wholeTensor(shape, salt, dtype);
        expectExactly(
          lectern.cumSum(x, axis),
          shape,
          running((...values) => total(values)),
        );
        expectExactly(lectern.cumMax(x, axis), shape, running(Math.max));
        expectExactly(lectern.cumMin(x, axis), shape, running(Math.min));
        const zero = lectern.zeros(
          shape.map((size, i) => (i === place ? 1 : size)),
          { dtype },
        );
        const back = lectern.diff(lectern.concat([zero, lectern.cumSum(x, axis)], axis), axis);
        expectExactly(back, shape, numbers);
      }),
    );
  });
});
