// Indices against a model of plain arrays: positions, ranges with any step, new axes, dots, lists and masks; taking, writing,
// and gradients.
import fc from "fast-check";
import { expect, test } from "vitest";
import { gradients, type Index, type Range, type Tensor, tensor, variable } from "../../../../lib/index.ts";
import {
  always,
  dtypes,
  expectExactly,
  indexOf,
  positions,
  shapes,
  sizeOf,
  whole,
  wholeTensor,
} from "../arbitraries.ts";

/** What a part of an index does to an axis: keeps these places of it, drops it, or is a new one. */
type Part = { kind: "keep"; places: number[] } | { kind: "drop"; place: number } | { kind: "new" };

interface Model {
  shape: number[];
  /** Where each element of the result is taken from. */
  from: number[];
}

function select(shape: readonly number[], parts: readonly Part[]): Model {
  const kept = parts.filter((part) => part.kind !== "drop");
  const result = kept.map((part) => (part.kind === "keep" ? part.places.length : 1));
  const from = positions(result).map((position) => {
    let axis = 0;
    const source = parts.flatMap((part) => {
      if (part.kind === "drop") return [part.place];
      const i = position[axis++]!;
      return part.kind === "keep" ? [part.places[i]!] : [];
    });
    return indexOf(shape, source);
  });
  return { shape: result, from };
}

/** The places of Python's range start:stop:step on an axis, walked one by one. */
function walk(length: number, start: number | null, stop: number | null, step: number): number[] {
  const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
  const limit = (v: number) => Math.min(Math.max(v < 0 ? v + length : v, least), most);
  const end = stop === null ? (step > 0 ? length : -1) : limit(stop);
  const places: number[] = [];
  let i = start === null ? (step > 0 ? 0 : length - 1) : limit(start);
  for (; step > 0 ? i < end : i > end; i += step) places.push(i);
  return places;
}

const bound = fc.option(fc.integer({ min: -7, max: 7 }), { nil: null });
const step = fc.constantFrom(1, 2, -1, 3, -2);

/** An index of an axis of that length, with what it means. */
function partFor(length: number): fc.Arbitrary<{ index: Index; part: Part }> {
  const range = fc.tuple(bound, bound, step).map(([start, stop, by]) => {
    const text = `${start ?? ""}:${stop ?? ""}${by === 1 ? "" : `:${by}`}` as Range;
    return { index: text as Index, part: { kind: "keep", places: walk(length, start, stop, by) } as Part };
  });
  if (length === 0) return range;
  const position = fc.integer({ min: -length, max: length - 1 }).map((i) => {
    return { index: i as Index, part: { kind: "drop", place: i < 0 ? i + length : i } as Part };
  });
  return fc.oneof(range, position);
}

interface Case {
  shape: number[];
  index: Index[];
  model: Model;
}

/** Ranges and positions, a new axis or dots somewhere among them, and maybe fewer than there are axes. */
const basic: fc.Arbitrary<Case> = shapes({ most: 5 }).chain((shape) =>
  fc
    .record({
      parts: fc.tuple(...shape.map(partFor)),
      used: fc.nat(shape.length),
      added: fc.option(fc.nat(shape.length), { nil: null }),
      dots: fc.boolean(),
    })
    .map(({ parts, used, added, dots }) => {
      const whole = shape
        .slice(used)
        .map((size): Part => ({ kind: "keep", places: walk(size, null, null, 1) }));
      const index: Index[] = parts.slice(0, used).map((p) => p.index);
      const meaning: Part[] = parts.slice(0, used).map((p) => p.part);
      if (added !== null && added <= used) {
        index.splice(added, 0, null);
        meaning.splice(added, 0, { kind: "new" });
      }
      if (dots) index.push("...");
      return { shape, index, model: select(shape, [...meaning, ...whole]) };
    }),
);

/** A list or a mask for one axis, ranges for the others. */
const listed: fc.Arbitrary<Case> = shapes({ least: 1, most: 4 })
  .filter((shape) => sizeOf(shape) > 0)
  .chain((shape) =>
    fc
      .record({
        ranges: fc.tuple(
          ...shape.map((size) => fc.tuple(bound, bound, step).map(([a, b, by]) => ({ a, b, by, size }))),
        ),
        at: fc.nat(shape.length - 1),
        draws: fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 6 }),
        as: fc.constantFrom("list", "tensor", "mask"),
      })
      .map(({ ranges, at, draws, as }) => {
        const length = shape[at]!;
        const list = draws.map((v) => v % length);
        const mask = Array.from({ length }, (_, i) => list.some((v) => (v + length) % length === i));
        const places =
          as === "mask" ? mask.flatMap((yes, i) => (yes ? [i] : [])) : list.map((v) => (v + length) % length);
        const own: Index =
          as === "mask"
            ? mask
            : as === "list"
              ? list
              : tensor(Int32Array.from(list), { shape: [list.length], dtype: "int32" });
        const index = ranges.map(({ a, b, by }, i): Index => {
          return i === at ? own : (`${a ?? ""}:${b ?? ""}:${by}` as Range);
        });
        const meaning = ranges.map(({ a, b, by, size }, i): Part => {
          return { kind: "keep", places: i === at ? places : walk(size, a, b, by) };
        });
        return { shape, index, model: select(shape, meaning) };
      }),
  );

test.each([
  ["ranges, positions, new axes and dots", basic],
  ["a list or a mask among ranges", listed],
] as const)("%s take what the model takes", (_, cases) => {
  always(
    fc.property(cases, dtypes, fc.nat(50), ({ shape, index, model }, dtype, salt) => {
      const numbers = whole(shape, salt);
      const taken = wholeTensor(shape, salt, dtype).at(...index);
      expect(taken.dtype).toBe(dtype);
      expectExactly(
        taken,
        model.shape,
        model.from.map((i) => numbers[i]!),
      );
    }),
    200,
  );
});

test.each([
  ["ranges, positions, new axes and dots", basic],
  ["a list or a mask among ranges", listed],
] as const)("%s write where they take, in place and in a copy, and get gradients from there", (_, cases) => {
  always(
    fc.property(cases, dtypes, fc.nat(50), ({ shape, index, model }, dtype, salt) => {
      const before = whole(shape, salt);
      const x = wholeTensor(shape, salt, dtype);
      const value = wholeTensor(model.shape, salt + 1, dtype);
      const after = [...before];
      // Where a place is named twice the last one counts.
      model.from.forEach((place, i) => {
        after[place] = whole(model.shape, salt + 1)[i]!;
      });
      expectExactly(x.with(...index, value), shape, after);
      expectExactly(x, shape, before);
      x.set(...index, 7);
      expectExactly(
        x,
        shape,
        before.map((v, i) => (model.from.includes(i) ? 7 : v)),
      );
      if (model.from.length === 0 || dtype === "int32") return;
      const leaf = variable(wholeTensor(shape, salt, dtype));
      const [gradient] = gradients(
        leaf
          .at(...index)
          .mul(value)
          .sum(),
        [leaf],
      ) as [Tensor];
      const expected = before.map(() => 0);
      model.from.forEach((place, i) => {
        expected[place]! += whole(model.shape, salt + 1)[i]!;
      });
      expectExactly(gradient, shape, expected);
    }),
    200,
  );
});

test("positions outside are refused with the axis and its size", () => {
  always(
    fc.property(
      shapes({ least: 1, most: 4 }).filter((shape) => sizeOf(shape) > 0),
      fc.nat(3),
      fc.nat(5),
      fc.boolean(),
      (shape, n, beyond, negative) => {
        const axis = n % shape.length;
        const length = shape[axis]!;
        const index = shape.map(
          (_, i): Index => (i === axis ? (negative ? -length - 1 - beyond : length + beyond) : ":"),
        );
        expect(() => wholeTensor(shape, 1).at(...index)).toThrow(
          new RegExp(`at: no index .* along axis ${axis} of \\[${shape.join(", ")}\\]`),
        );
      },
    ),
  );
});
