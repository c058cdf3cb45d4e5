// Rows of the table of operations: sums of products by index letters, tensordot, products of batches.
import { einsum, matmul, tensordot } from "../../../../lib/index.ts";
import { numbers, type Row, row } from "../row.ts";

function equation(text: string, ...shapes: number[][]): Row {
  const names = "abcd".slice(0, shapes.length).split("").join(", ");
  return row(
    `einsum ${text} of ${JSON.stringify(shapes)}`,
    (...tensors) => einsum(text, ...tensors),
    `torch.einsum("${text}", ${names})`,
    shapes.map((shape) => numbers(shape)),
  );
}

export const products: readonly Row[] = [
  equation("ij,jk->ik", [3, 4], [4, 2]),
  equation("ij,kj->ik", [3, 4], [2, 4]),
  equation("ji,jk->ki", [4, 3], [4, 2]),
  equation("ij,jk", [3, 4], [4, 2]),
  equation("ba", [2, 3]),
  equation("ij->", [3, 4]),
  equation("ij->j", [3, 4]),
  equation("ii->", [3, 3]),
  equation("ii->i", [3, 3]),
  equation("iji->ji", [2, 3, 2]),
  equation("i,j->ij", [3], [2]),
  equation("i,i->", [4], [4]),
  equation("i,i->i", [4], [4]),
  equation("ij,ij->i", [3, 4], [3, 4]),
  equation("bij,bjk->bik", [2, 3, 4], [2, 4, 2]),
  equation("bhqd,bhkd->bhqk", [2, 2, 3, 4], [2, 2, 2, 4]),
  equation("...ij,...jk->...ik", [2, 1, 3, 4], [3, 4, 2]),
  equation("...ij->...ji", [2, 3, 4]),
  equation("i...->...", [3, 2, 2]),
  equation("...,...->...", [2, 3], [3]),
  equation("ijk,il,jm->klm", [2, 3, 4], [2, 2], [3, 2]),
  equation("ij,jk,kl,lm->im", [2, 3], [3, 4], [4, 2], [2, 3]),
  equation("ii,ij->j", [3, 3], [3, 2]),
  equation("ij,j->ij", [1, 3], [3]),
  equation("ij,jk->ik", [3, 1], [4, 2]),
  equation("ij,kl->", [2, 3], [1, 2]),
  equation("ij,jk->ik", [0, 3], [3, 2]),
  equation("ij,jk->ik", [2, 0], [0, 3]),
  equation(",i->i", [], [3]),
  row("tensordot", (a, b) => tensordot(a, b), "torch.tensordot(a, b, 2)", [
    numbers([2, 3, 4]),
    numbers([3, 4, 2]),
  ]),
  row("tensordot, none", (a, b) => tensordot(a, b, 0), "torch.tensordot(a, b, 0)", [
    numbers([2, 3]),
    numbers([2]),
  ]),
  row(
    "tensordot, named axes",
    (a, b) =>
      tensordot(a, b, [
        [2, 0],
        [1, -1],
      ]),
    "torch.tensordot(a, b, ([2, 0], [1, 2]))",
    [numbers([2, 3, 4]), numbers([5, 4, 2])],
  ),
  row("matmul, batches broadcast", (a, b) => matmul(a, b), "a @ b", [
    [numbers([2, 1, 3, 4]), numbers([3, 4, 2])],
    [numbers([4]), numbers([2, 3, 4, 2])],
    [numbers([2, 3, 4]), numbers([4])],
    [numbers([1, 1, 2]), numbers([3, 2, 2, 1])],
    [numbers([2, 0, 3]), numbers([2, 3, 1])],
    [numbers([0, 2, 3]), numbers([3, 1])],
  ]),
];
