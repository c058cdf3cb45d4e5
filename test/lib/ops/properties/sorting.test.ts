// Sorting along random axes against plain arrays, and what belongs together: order and values, the largest, unique and counts.
import fc from "fast-check";
import { expect, test } from "vitest";
import * as lectern from "../../../../lib/index.ts";
import { tensor, zeros } from "../../../../lib/index.ts";
import { always, dtypes, expectExactly, positions, shapesWithAxis, wholeTensor } from "../arbitraries.ts";

test("sort and argSort are those of plain arrays, stable, along any axis", () => {
  always(
    fc.property(
      shapesWithAxis(),
      fc.nat(50),
      dtypes,
      fc.boolean(),
      ({ shape, axis, place }, salt, dtype, descending) => {
        const x = lectern.floor(wholeTensor(shape, salt).div(3)).cast(dtype);
        const order = lectern.argSort(x, axis, { descending });
        const sorted = lectern.sort(x, axis, { descending });
        expect([order.dtype, sorted.dtype, sorted.shape]).toEqual(["int32", dtype, shape]);
        expectExactly(lectern.takeAlongAxis(x, order, axis), shape, [...sorted.data()]);
        const sign = descending ? -1 : 1;
        for (const start of positions(shape.map((size, i) => (i === place ? Math.min(size, 1) : size)))) {
          const along = start.map((v, i) => (i === place ? (":" as const) : v));
          const row = x.at(...along).toArray<number[]>();
          const expected = row.map((_, i) => i).sort((a, b) => sign * (row[a]! - row[b]!) || a - b);
          expect(order.at(...along).toArray()).toEqual(expected);
        }
      },
    ),
  );
});

test("long rows are sorted too, whatever their numbers", () => {
  always(
    fc.property(fc.array(fc.float({ noNaN: true }), { maxLength: 400, size: "max" }), (numbers) => {
      const x = tensor(Float32Array.from(numbers));
      const expected = Float32Array.from(numbers).sort();
      expect(Array.from(lectern.sort(x).data(), (v) => v + 0)).toEqual(Array.from(expected, (v) => v + 0));
    }),
    60,
  );
});

test("topK is the beginning of the sorted row", () => {
  always(
    fc.property(
      shapesWithAxis(),
      fc.nat(50),
      fc.nat(5),
      fc.boolean(),
      ({ shape, axis, place }, salt, n, largest) => {
        const x = wholeTensor(shape, salt);
        const k = Math.min(n, shape[place]!);
        const { values, indices } = lectern.topK(x, k, axis, { largest });
        const sorted = lectern.sort(x, axis, { descending: largest });
        expectExactly(values, lectern.split(sorted, [k, -1], axis)[0]!.shape, [
          ...lectern.split(sorted, [k, -1], axis)[0]!.data(),
        ]);
        expectExactly(lectern.takeAlongAxis(x, indices, axis), values.shape, [...values.data()]);
      },
    ),
  );
});

test("unique finds each number once, its counts, and the way back", () => {
  always(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), dtypes, (numbers, dtype) => {
      const { values, counts, inverse, indices } = lectern.unique(
        tensor(numbers, { shape: [numbers.length], dtype }),
      );
      const expected = [...new Set(numbers)].sort((a, b) => a - b);
      expectExactly(values, [expected.length], expected);
      expectExactly(
        counts,
        [expected.length],
        expected.map((v) => numbers.filter((other) => other === v).length),
      );
      expectExactly(
        inverse,
        [numbers.length],
        numbers.map((v) => expected.indexOf(v)),
      );
      expectExactly(
        indices,
        [expected.length],
        expected.map((v) => numbers.indexOf(v)),
      );
    }),
  );
});

test("searchSorted says where numbers belong", () => {
  const numbers = fc.array(fc.integer({ min: -9, max: 9 }));
  always(
    fc.property(
      numbers,
      numbers,
      fc.constantFrom("left" as const, "right" as const),
      (list, wanted, side) => {
        const sorted = [...list].sort((a, b) => a - b);
        const found = lectern.searchSorted(
          tensor(sorted, { shape: [sorted.length] }),
          tensor(wanted, { shape: [wanted.length] }),
          { side },
        );
        const before = (v: number) =>
          sorted.filter((other) => (side === "left" ? other < v : other <= v)).length;
        expectExactly(found, [wanted.length], wanted.map(before));
      },
    ),
  );
});

test("scatterAdd of what was taken counts how often", () => {
  const rows = fc.integer({ min: 1, max: 5 }).chain((n) =>
    fc.record({
      n: fc.constant(n),
      indices: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 20 }),
    }),
  );
  always(
    fc.property(rows, fc.constantFrom("float32", "float64", "int32", "uint8"), ({ n, indices }, dtype) => {
      const columns = [0, 1, 2].map((i) => indices.map((row) => row[i]!));
      const places = tensor(Int32Array.from(columns.flat()), { shape: [3, indices.length] });
      const counts = lectern.scatterAdd(zeros([3, n], { dtype }), places, 1);
      expect(counts.dtype).toBe(dtype);
      const times = (list: number[]) =>
        Array.from({ length: n }, (_, v) => list.filter((i) => i === v).length);
      expectExactly(counts, [3, n], columns.flatMap(times));
    }),
  );
});
