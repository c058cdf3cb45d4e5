// Products at random shapes: matmul and einsum against plain loops and each other.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  einsum,
  gradients,
  matmul,
  type Tensor,
  tensor,
  tensordot,
  variable,
} from "../../../../lib/index.ts";
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
  sizeOf,
  whole,
  wholeTensor,
} from "../arbitraries.ts";

const size = fc.constantFrom(1, 2, 3, 0, 7, 17);

/** Two stacks of matrices that go together, the leading axes broadcasting. */
const stacks = fc.record({ leading: broadcasting(2, 2), m: size, k: size, n: size, salt: fc.nat(50) });

describe("matmul", () => {
  test("is the sum of products, in all types, batches broadcast", () => {
    always(
      fc.property(stacks, dtypes, ({ leading: [p, q], m, k, n, salt }, dtype) => {
        const [left, right] = [
          [...p!, m, k],
          [...q!, k, n],
        ];
        const [a, b] = [whole(left, salt), whole(right, salt + 7)];
        const shape = [...commonShape([p!, q!]), m, n];
        const expected = positions(shape).map((at) => {
          const [batch, i, j] = [at.slice(0, -2), at.at(-2)!, at.at(-1)!];
          let sum = 0;
          for (let l = 0; l < k; l++)
            sum +=
              a[indexOf(left, [...paired(p!, batch), i, l])]! *
              b[indexOf(right, [...paired(q!, batch), l, j])]!;
          return sum;
        });
        const result = matmul(wholeTensor(left, salt, dtype), wholeTensor(right, salt + 7, dtype));
        expect(result.dtype).toBe(dtype);
        expectExactly(result, shape, expected);
        expectExactly(
          einsum("...ij,...jk->...ik", wholeTensor(left, salt, dtype), wholeTensor(right, salt + 7, dtype)),
          shape,
          expected,
        );
      }),
    );
  });

  test("of transposed views is that of copies, and (ab)ᵀ = bᵀaᵀ", () => {
    always(
      fc.property(size, size, size, fc.nat(50), floating, (m, k, n, salt, dtype) => {
        const [a, b] = [wholeTensor([k, m], salt, dtype), wholeTensor([n, k], salt + 7, dtype)];
        const product = matmul(a.transpose(), b.transpose());
        const swapped = matmul(b, a).transpose();
        expectExactly(product, [m, n], [...swapped.data()]);
        expectExactly(einsum("ji,kj->ik", a, b), [m, n], [...product.data()]);
        expectExactly(tensordot(a, b, [[0], [1]]), [m, n], [...product.data()]);
      }),
    );
  });

  test("has the gradients g·bᵀ and aᵀ·g, summed over the batches that broadcast", () => {
    always(
      fc.property(stacks, floating, ({ leading: [p, q], m, k, n, salt }, dtype) => {
        const [left, right] = [
          [...p!, m, k],
          [...q!, k, n],
        ];
        const a = variable(wholeTensor(left, salt, dtype));
        const b = variable(wholeTensor(right, salt + 7, dtype));
        const y = matmul(a, b);
        const g = wholeTensor(y.shape, salt + 3, dtype);
        const [da, db] = gradients(y.mul(g).sum(), [a, b]) as [Tensor, Tensor];
        const common = commonShape([p!, q!]);
        const back = (full: Tensor, shape: readonly number[], own: readonly number[]) => {
          const sums = new Array<number>(sizeOf(shape)).fill(0);
          const numbers = full.data();
          positions(full.shape).forEach((at, i) => {
            sums[indexOf(shape, [...paired(own, at.slice(0, -2)), ...at.slice(-2)])]! += numbers[i]!;
          });
          return sums;
        };
        const stretch = (x: Tensor) => x.detach().broadcastTo([...common, ...x.shape.slice(-2)]);
        const turn = (x: Tensor) => einsum("...ij->...ji", x);
        expectExactly(da, left, back(matmul(g, turn(stretch(b))), left, p!));
        expectExactly(db, right, back(matmul(turn(stretch(a)), g), right, q!));
      }),
    );
  });
});

/** The definition: for all values of all letters, the product of the elements, added to the element they name. */
function plain(inputs: string[], output: string, sizes: Map<string, number>, data: number[][]): number[] {
  const letters = [...new Set([...inputs.join(""), ...output])];
  const shapeOf = (names: string) => [...names].map((letter) => sizes.get(letter)!);
  const result = new Array<number>(sizeOf(shapeOf(output))).fill(0);
  for (const values of positions(shapeOf(letters.join("")))) {
    const place = (names: string) =>
      indexOf(
        shapeOf(names),
        [...names].map((letter) => values[letters.indexOf(letter)]!),
      );
    result[place(output)]! += inputs.reduce((product, names, i) => product * data[i]![place(names)]!, 1);
  }
  return result;
}

const letter = fc.constantFrom(..."abcde");
const equations = fc.array(
  fc.array(letter, { maxLength: 3 }).map((names) => names.join("")),
  {
    minLength: 1,
    maxLength: 4,
  },
);

test("einsum means what its definition says", () => {
  const cases = equations.chain((inputs) =>
    fc.record({
      inputs: fc.constant(inputs),
      output: fc.shuffledSubarray([...new Set(inputs.join(""))]).map((names) => names.join("")),
      sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }),
      salt: fc.nat(50),
    }),
  );
  always(
    fc.property(cases, dtypes, ({ inputs, output, sizes, salt }, dtype) => {
      const lengths = new Map([..."abcde"].map((name, i) => [name, sizes[i]!]));
      const shapeOf = (names: string) => [...names].map((name) => lengths.get(name)!);
      // From −3 to 3: products of four stay exact.
      const data = inputs.map((names, i) =>
        whole(shapeOf(names), salt + 7 * i).map((v) => Math.round(v / 3)),
      );
      const tensors = inputs.map((names, i) => tensor(data[i]!, { shape: shapeOf(names), dtype }));
      const result = einsum(`${inputs.join(",")}->${output}`, ...tensors);
      expect(result.dtype).toBe(dtype);
      expectExactly(result, shapeOf(output), plain(inputs, output, lengths, data));
    }),
    150,
  );
});
