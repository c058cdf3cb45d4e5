// Sums of products written with index letters (Einstein's convention), as matrix products where they are ones.
import { isFloating, promote } from "../tensor/dtype.ts";
import { describe, formatShape, readAxis, type Shape, sizeOf, stridesOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mul } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { type Equation, readEquation } from "./equation.ts";
import { takeStrided } from "./indexing.ts";
import { product } from "./matmul.ts";
import { checkTensor, isWhole, toCommonFloat } from "./operand.ts";
import { sum } from "./reduce.ts";
import { reshape, transpose } from "./shape.ts";

/** A tensor whose axes have names, each once. */
interface Term {
  tensor: Tensor;
  labels: readonly string[];
}

/**
 * A sum of products of elements, written with a letter for each index: letters that are missing on the right are summed over.
 *
 * `"ij,jk->ik"` is the matrix product, `"ij->ji"` the transpose, `"ii->"` the trace, `"ii->i"` the diagonal, `"i,j->ij"` the outer
 * product, `"bij,bjk->bik"` a product for each entry of a batch; `"..."` stands for any number of leading axes, which
 * broadcast. Without `->` the result has the letters that occur once, in alphabetical order. Any number of tensors; two
 * at a time are multiplied, those first that give the smallest result, by `matmul` where there is something to sum.
 *
 * @throws when letters and axes do not fit, or a letter stands for different sizes.
 * @example
 * const a = tensor([[1, 2], [3, 4]]);
 * einsum("ij,jk->ik", a, a).toArray() // → [ [ 7, 10 ], [ 15, 22 ] ]
 * einsum("ii->", a).item() // → 5
 * einsum("i,j->ij", tensor([1, 2]), tensor([3, 4])).toArray() // → [ [ 3, 4 ], [ 6, 8 ] ]
 */
export function einsum(equation: string, ...tensors: Tensor[]): Tensor {
  for (const x of tensors) checkTensor("einsum", x);
  const read = readEquation(
    equation,
    tensors.map((x) => x.shape),
  );
  // All in the type of the result before any two of them meet.
  const common = tensors.map((x) => x.dtype).reduce((a, b) => promote(a, b));
  const operands = isFloating(common) ? tensors.map((x) => cast(x, common)) : tensors;
  let terms = operands.map((x, i) => named(x, read.inputs[i]!, read));
  while (terms.length > 1) {
    const [a, b] = cheapestPair(terms, read);
    const rest = terms.filter((_, i) => i !== a && i !== b);
    const wanted = new Set([...read.output, ...rest.flatMap((term) => term.labels)]);
    terms = [...rest, contract(terms[a]!, terms[b]!, wanted)];
  }
  const { tensor, labels } = sumOut(terms[0]!, new Set(read.output));
  return permuted(tensor, labels, read.output);
}

/** Axes with the same letter become their diagonal; axes of size 1 that others stretch are dropped. */
function named(x: Tensor, labels: readonly string[], { sizes }: Equation): Term {
  const different = [...new Set(labels)].filter((label) => {
    const stretched = x.shape[labels.indexOf(label)] === 1 && sizes.get(label) !== 1;
    return !stretched;
  });
  if (different.length === labels.length) return { tensor: x, labels };
  const steps = stridesOf(x.shape);
  const strides = different.map((label) =>
    labels.reduce((total, other, axis) => total + (other === label ? steps[axis]! : 0), 0),
  );
  const shape = different.map((label) => x.shape[labels.indexOf(label)]!);
  return { tensor: takeStrided(x, { shape, start: 0, strides }), labels: different };
}

/** The two terms with the smallest product (of those, the first). */
function cheapestPair(terms: readonly Term[], { sizes, output }: Equation): [number, number] {
  let best: [number, number] = [0, 1];
  let smallest = Number.POSITIVE_INFINITY;
  for (let b = 1; b < terms.length && terms.length > 2; b++) {
    for (let a = 0; a < b; a++) {
      const others = terms.filter((_, i) => i !== a && i !== b).flatMap((term) => term.labels);
      const kept = new Set(
        [...terms[a]!.labels, ...terms[b]!.labels].filter((l) => output.includes(l) || others.includes(l)),
      );
      const size = sizeOf([...kept].map((label) => sizes.get(label)!));
      if (size < smallest) [best, smallest] = [[a, b], size];
    }
  }
  return best;
}

/** Sums over the axes that nobody wants any more. */
function sumOut({ tensor, labels }: Term, wanted: ReadonlySet<string>): Term {
  const axes = labels.flatMap((label, axis) => (wanted.has(label) ? [] : [axis]));
  if (axes.length === 0) return { tensor, labels };
  return { tensor: sum(tensor, axes), labels: labels.filter((label) => wanted.has(label)) };
}

/** The product of two terms, summed over the letters that are in both and that nobody else wants. */
function contract(first: Term, second: Term, wanted: ReadonlySet<string>): Term {
  const a = sumOut(first, new Set([...wanted, ...second.labels]));
  const b = sumOut(second, new Set([...wanted, ...first.labels]));
  const common = a.labels.filter((label) => b.labels.includes(label));
  const batch = common.filter((label) => wanted.has(label));
  const summed = common.filter((label) => !wanted.has(label));
  const [rows, columns] = [a, b].map((term) => term.labels.filter((label) => !common.includes(label))) as [
    string[],
    string[],
  ];
  const labels = [...batch, ...rows, ...columns];
  const sizeIn = (term: Term, names: readonly string[]): number[] =>
    names.map((label) => term.tensor.shape[term.labels.indexOf(label)]!);
  const shape = [...sizeIn(a, batch), ...sizeIn(a, rows), ...sizeIn(b, columns)];
  if (summed.length === 0 || (isWhole(a.tensor) && isWhole(b.tensor))) {
    // No sum, or whole numbers, which the matrix kernels do not take: multiplied with broadcasting.
    const all = [...labels, ...summed];
    const products = mul(aligned(a, all), aligned(b, all));
    return {
      tensor:
        summed.length === 0
          ? products
          : sum(
              products,
              summed.map((_, i) => labels.length + i),
            ),
      labels,
    };
  }
  const [p, q] = toCommonFloat(a.tensor, b.tensor);
  const left = asMatrices({ ...a, tensor: p }, batch, rows, summed);
  const right = asMatrices({ ...b, tensor: q }, batch, summed, columns);
  return {
    tensor: reshape(product(left.tensor, right.tensor, left.transposed, right.transposed), shape),
    labels,
  };
}

/** Axes brought into the order batch, rows, columns, each group made one; left as they are where they stand transposed. */
function asMatrices(
  { tensor, labels }: Term,
  batch: readonly string[],
  rows: readonly string[],
  columns: readonly string[],
): { tensor: Tensor; transposed: boolean } {
  const count = (names: readonly string[]): number =>
    sizeOf(names.map((label) => tensor.shape[labels.indexOf(label)]!));
  const outer = batch.map((label) => tensor.shape[labels.indexOf(label)]!);
  const turned = [...batch, ...columns, ...rows];
  if (rows.length > 0 && columns.length > 0 && turned.every((label, axis) => label === labels[axis])) {
    return { tensor: reshape(tensor, [...outer, count(columns), count(rows)]), transposed: true };
  }
  const ordered = permuted(tensor, labels, [...batch, ...rows, ...columns]);
  return { tensor: reshape(ordered, [...outer, count(rows), count(columns)]), transposed: false };
}

/** The axes in the order of other letters, with size 1 where a letter is missing. */
function aligned({ tensor, labels }: Term, all: readonly string[]): Tensor {
  const present = all.filter((label) => labels.includes(label));
  const ordered = permuted(tensor, labels, present);
  return reshape(
    ordered,
    all.map((label) => (labels.includes(label) ? tensor.shape[labels.indexOf(label)]! : 1)),
  );
}

function permuted(x: Tensor, labels: readonly string[], order: readonly string[]): Tensor {
  if (order.every((label, axis) => label === labels[axis])) return x;
  return transpose(
    x,
    order.map((label) => labels.indexOf(label)),
  );
}

/**
 * The product of two tensors, summed over pairs of axes: over the last `axes` of `a` and the first of `b`, or over those
 * that two lists name. `tensordot(a, b, 1)` of matrices is their product, `tensordot(a, b, 0)` the outer product.
 *
 * @throws when paired axes differ in size.
 * @example
 * tensordot(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [0, 1]])).item() // → 5
 * tensordot(zeros([2, 3, 4]), zeros([5, 3]), [[1], [1]]).shape // → [ 2, 4, 5 ]
 */
export function tensordot(
  a: Tensor,
  b: Tensor,
  axes: number | readonly [readonly number[], readonly number[]] = 2,
): Tensor {
  checkTensor("tensordot", a);
  checkTensor("tensordot", b);
  const [left, right] = readPairs(a.shape, b.shape, axes);
  const labelsA = a.shape.map((_, axis) => `a${axis}`);
  const labelsB = b.shape.map((_, axis) =>
    right.includes(axis) ? `a${left[right.indexOf(axis)]}` : `b${axis}`,
  );
  const wanted = new Set([
    ...labelsA.filter((_, axis) => !left.includes(axis)),
    ...labelsB.filter((_, axis) => !right.includes(axis)),
  ]);
  return contract({ tensor: a, labels: labelsA }, { tensor: b, labels: labelsB }, wanted).tensor;
}

function readPairs(
  a: Shape,
  b: Shape,
  axes: number | readonly [readonly number[], readonly number[]],
): [left: number[], right: number[]] {
  const both = `${formatShape(a)} and ${formatShape(b)}`;
  const lists: unknown = axes;
  const isPair = Array.isArray(lists) && lists.length === 2 && lists.every(Array.isArray);
  if (typeof axes !== "number" && !isPair) {
    throw new TypeError(
      `tensordot: axes are a number, or two lists such as [[1], [0]], got ${describe(axes)} for ${both}`,
    );
  }
  if (
    typeof axes === "number" &&
    !(Number.isInteger(axes) && axes >= 0 && axes <= Math.min(a.length, b.length))
  ) {
    throw new RangeError(`tensordot: ${axes} axes cannot be summed over in ${both}`);
  }
  const [left, right] =
    typeof axes === "number"
      ? [
          Array.from({ length: axes }, (_, i) => a.length - axes + i),
          Array.from({ length: axes }, (_, i) => i),
        ]
      : [
          axes[0].map((axis) => readAxis("tensordot", axis, a.length)),
          axes[1].map((axis) => readAxis("tensordot", axis, b.length)),
        ];
  const repeated = new Set(left).size < left.length || new Set(right).size < right.length;
  if (left.length !== right.length || repeated) {
    throw new Error(
      `tensordot: axes ${formatShape(left)} and ${formatShape(right)} are paired one to one, each named once`,
    );
  }
  left.forEach((axis, i) => {
    if (a[axis] === b[right[i]!]) return;
    throw new Error(
      `tensordot: axis ${axis} of ${formatShape(a)} (${a[axis]}) is paired with axis ${right[i]} of ${formatShape(b)} ` +
        `(${b[right[i]!]}), their sizes must be equal`,
    );
  });
  return [left, right];
}
