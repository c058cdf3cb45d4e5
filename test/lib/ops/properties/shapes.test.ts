// Rearranging at random shapes of up to six axes: each element comes from where the definition says, there and back is as before,
// and gradients take the way back.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  arange,
  concat,
  expandDims,
  flip,
  gradients,
  moveAxis,
  pad,
  permute,
  repeat,
  roll,
  slidingWindow,
  split,
  squeeze,
  stack,
  swapAxes,
  type Tensor,
  tile,
  unstack,
  variable,
} from "../../../../lib/index.ts";
import {
  always,
  dtypes,
  expectExactly,
  indexOf,
  positions,
  shapes,
  shapesWithAxis,
  sizeOf,
  whole,
  wholeTensor,
} from "../arbitraries.ts";

const modulo = (i: number, n: number): number => ((i % n) + n) % n;
const replaced = (list: readonly number[], at: number, value: number): number[] =>
  list.map((v, i) => (i === at ? value : v));

/** Checks that the element at each position is that of `source(position)`, or −1 where that is null. */
function expectFrom(
  shape: readonly number[],
  call: (x: Tensor) => Tensor,
  resultShape: readonly number[],
  source: (position: number[]) => number[] | null,
): void {
  const places = positions(resultShape).map((position) => {
    const from = source(position);
    return from === null ? -1 : indexOf(shape, from);
  });
  const x = variable(arange(sizeOf(shape)).reshape(shape));
  const result = call(x);
  expectExactly(result, resultShape, places);
  // The gradient of an element is the sum of the weights of the places it went to.
  if (result.size === 0 || x.size === 0) return;
  const weights = whole(resultShape, 3);
  const expected = new Array<number>(x.size).fill(0);
  places.forEach((place, i) => {
    if (place >= 0) expected[place]! += weights[i]!;
  });
  const [gradient] = gradients(result.mul(wholeTensor(resultShape, 3)).sum(), [x]) as [Tensor];
  expectExactly(gradient, shape, expected);
}

/** A shape and an order of its axes. */
const orders = shapes().chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    order: fc.shuffledSubarray(
      shape.map((_, i) => i),
      { minLength: shape.length, maxLength: shape.length },
    ),
  }),
);

describe("each element comes from where the definition says", () => {
  test("permute, transpose, moveAxis, swapAxes", () => {
    always(
      fc.property(orders, fc.nat(5), fc.nat(5), ({ shape, order }, n, m) => {
        const turned = order.map((i) => shape[i]!);
        const back = (p: number[]) => shape.map((_, i) => p[order.indexOf(i)]!);
        expectFrom(shape, (x) => permute(x, order), turned, back);
        expectFrom(shape, (x) => x.transpose(order), turned, back);
        if (shape.length === 0) return;
        const [a, b] = [n % shape.length, m % shape.length];
        const moved = shape.map((_, i) => i).filter((i) => i !== a);
        moved.splice(b, 0, a);
        expectFrom(
          shape,
          (x) => moveAxis(x, a, b),
          moved.map((i) => shape[i]!),
          (p) => shape.map((_, i) => p[moved.indexOf(i)]!),
        );
        const swap = <T>(list: readonly T[]) =>
          list.map((v, i) => (i === a ? list[b]! : i === b ? list[a]! : v));
        expectFrom(shape, (x) => swapAxes(x, a - shape.length, b), swap(shape), swap);
      }),
    );
  });

  test("flip, roll, repeat, tile", () => {
    always(
      fc.property(
        shapesWithAxis(),
        fc.integer({ min: -7, max: 7 }),
        fc.nat(3),
        ({ shape, axis, place }, shift, times) => {
          const length = shape[place]!;
          const from = (p: number[], i: number) => replaced(p, place, i);
          expectFrom(
            shape,
            (x) => flip(x, axis),
            shape,
            (p) => from(p, length - 1 - p[place]!),
          );
          expectFrom(
            shape,
            (x) => roll(x, shift, axis),
            shape,
            (p) => from(p, modulo(p[place]! - shift, length)),
          );
          const longer = replaced(shape, place, length * times);
          expectFrom(
            shape,
            (x) => repeat(x, times, axis),
            longer,
            (p) => from(p, Math.floor(p[place]! / times)),
          );
          const tiles = shape.map((_, i) => (i === place ? times : 1));
          expectFrom(
            shape,
            (x) => tile(x, tiles),
            longer,
            (p) => from(p, p[place]! % length),
          );
        },
      ),
    );
  });

  test("pad in all modes, sliding windows", () => {
    always(
      fc.property(
        shapesWithAxis(),
        fc.nat(4),
        fc.nat(4),
        fc.nat(4),
        ({ shape, axis, place }, before, after, n) => {
          const length = shape[place]!;
          const amounts = shape.map((_, i): [number, number] => (i === place ? [before, after] : [0, 0]));
          const longer = replaced(shape, place, length + before + after);
          const from = (p: number[], i: number) => replaced(p, place, i);
          expectFrom(
            shape,
            (x) => pad(x, amounts, { value: -1 }),
            longer,
            (p) => {
              const i = p[place]! - before;
              return i >= 0 && i < length ? from(p, i) : null;
            },
          );
          if (length === 0) return;
          expectFrom(
            shape,
            (x) => pad(x, amounts, { mode: "wrap" }),
            longer,
            (p) => from(p, modulo(p[place]! - before, length)),
          );
          expectFrom(
            shape,
            (x) => pad(x, amounts, { mode: "edge" }),
            longer,
            (p) => from(p, Math.min(Math.max(p[place]! - before, 0), length - 1)),
          );
          // Back and forth: with the ends doubled a period is twice the length, without them two less.
          expectFrom(
            shape,
            (x) => pad(x, amounts, { mode: "symmetric" }),
            longer,
            (p) => {
              const i = modulo(p[place]! - before, 2 * length);
              return from(p, i < length ? i : 2 * length - 1 - i);
            },
          );
          if (length > 1)
            expectFrom(
              shape,
              (x) => pad(x, amounts, { mode: "reflect" }),
              longer,
              (p) => {
                const i = modulo(p[place]! - before, 2 * length - 2);
                return from(p, i < length ? i : 2 * length - 2 - i);
              },
            );
          const size = 1 + (n % length);
          expectFrom(
            shape,
            (x) => slidingWindow(x, size, { axis }),
            [...replaced(shape, place, length - size + 1), size],
            (p) => from(p.slice(0, -1), p[place]! + p[p.length - 1]!),
          );
        },
      ),
    );
  });
});

describe("there and back is as before", () => {
  test("reshape, through any shape of the same size", () => {
    always(
      fc.property(shapes(), shapes({ most: 3 }), dtypes, (shape, other, dtype) => {
        const x = wholeTensor(shape, 1, dtype);
        expectExactly(x.reshape([x.size]).reshape(shape), shape, [...x.data()]);
        expectExactly(
          x
            .flatten()
            .reshape([...shape, 1])
            .squeeze(-1),
          shape,
          [...x.data()],
        );
        const known = sizeOf(other);
        if (known > 0 && x.size % known === 0) {
          const turned = x.reshape([...other, -1]);
          expect(turned.shape).toEqual([...other, x.size / known]);
          expectExactly(turned.reshape(shape), shape, [...x.data()]);
        } else if (known !== x.size) {
          expect(() => x.reshape(other)).toThrow(/reshape: .* needs/);
        }
      }),
    );
  });

  test("permute and its inverse, transpose twice, moveAxis back, flip twice, roll back", () => {
    always(
      fc.property(orders, fc.nat(5), fc.integer({ min: -9, max: 9 }), ({ shape, order }, n, shift) => {
        const x = wholeTensor(shape, 2);
        const same = (y: Tensor) => expectExactly(y, shape, [...x.data()]);
        same(
          permute(
            permute(x, order),
            shape.map((_, i) => order.indexOf(i)),
          ),
        );
        if (shape.length >= 2) same(x.transpose().transpose());
        if (shape.length === 0) return;
        const axis = n % shape.length;
        same(moveAxis(moveAxis(x, axis, 0), 0, axis));
        same(flip(flip(x, axis), axis));
        same(roll(roll(x, shift, axis), -shift, axis));
        same(squeeze(expandDims(x, axis), axis));
      }),
    );
  });

  test("concat and split, stack and unstack", () => {
    const pieces = fc.array(fc.nat(3), { minLength: 1, maxLength: 4 });
    always(
      fc.property(shapesWithAxis(), pieces, dtypes, ({ shape, axis, place }, lengths, dtype) => {
        const parts = lengths.map((length, i) => wholeTensor(replaced(shape, place, length), i, dtype));
        const total = lengths.reduce((a, b) => a + b, 0);
        const whole = concat(parts, axis);
        expect([whole.dtype, whole.shape]).toEqual([dtype, replaced(shape, place, total)]);
        split(whole, lengths, axis).forEach((part, i) => {
          expectExactly(part, parts[i]!.shape, [...parts[i]!.data()]);
        });
        expectExactly(concat(split(whole, lengths, axis), axis), whole.shape, [...whole.data()]);
        if (total > 0) expectExactly(stack(unstack(whole, axis), axis), whole.shape, [...whole.data()]);
      }),
    );
  });

  test("broadcastTo and the sum over what it stretched", () => {
    always(
      fc.property(
        shapes({ most: 4 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        (shape, ones) => {
          const small = shape.map((size, i) => (ones[i] ? 1 : size));
          const x = wholeTensor(small, 4);
          const stretched = shape.flatMap((size, i) => (small[i] === 1 && size !== 1 ? [i] : []));
          const times = stretched.reduce((n, i) => n * shape[i]!, 1);
          const back = x.broadcastTo(shape).sum(stretched, { keepDims: true });
          expectExactly(
            back,
            small,
            Array.from(x.data(), (v) => v * times),
          );
        },
      ),
    );
  });
});
