// Rows of the table of operations: taking parts, setting them, gathering and scattering.
import { at, gather, slice, tensor } from "../../../../lib/index.ts";
import { replace } from "../../../../lib/ops/indexing.ts";
import { numbers, type Row, row } from "../row.ts";

const cube = [numbers([2, 3, 4])];
const matrix = [numbers([5, 4])];
const mask = tensor([
  [true, false, true, false],
  [false, false, true, true],
  [false, false, false, false],
  [true, true, true, true],
  [false, true, false, false],
]);

export const indexing: readonly Row[] = [
  row("at, positions", (x) => at(x, 1, -1), "a[1, -1]", cube),
  row("at, ranges", (x) => at(x, ":", "::-2", "1:3"), "torch.flip(a, [1])[:, ::2, 1:3]", cube),
  row("at, a range of rows is a view", (x) => at(x, "1:4"), "a[1:4]", matrix),
  row("at, an empty range", (x) => at(x, "3:1"), "a[3:3]", matrix),
  row("at, new axes", (x) => at(x, null, "...", 2, null), "a[None, ..., 2, None]", cube),
  row("at, rows", (x) => at(x, [2, 0, 2, -1]), "a[[2, 0, 2, -1]]", matrix),
  row("at, pairs", (x) => at(x, [0, 4, 0], [1, 1, 1]), "a[[0, 4, 0], [1, 1, 1]]", matrix),
  row("at, combinations", (x) => at(x, tensor([[0], [4]]), [3, 1]), "a[[[0], [4]], [3, 1]]", matrix),
  row("at, lists apart", (x) => at(x, [1, 0, 1], ":", [3, 0, 0]), "a[[1, 0, 1], :, [3, 0, 0]]", cube),
  row("at, lists behind a range", (x) => at(x, ":", [2, 0], [3, 0]), "a[:, [2, 0], [3, 0]]", cube),
  row(
    "at, a mask",
    (x) => at(x, mask),
    "a[a.new_tensor([[1,0,1,0],[0,0,1,1],[0,0,0,0],[1,1,1,1],[0,1,0,0]]).bool()]",
    matrix,
  ),
  row("at, a mask of columns", (x) => at(x, ":", [true, false, false, true]), "a[:, [0, 3]]", matrix),
  row("slice", (x) => slice(x, -2, undefined, { axis: 1 }), "a[:, -2:]", matrix),
  row("gather", (x) => gather(x, [2, 0, 2], { axis: 1 }), "a[:, [2, 0, 2]]", cube),
  row(
    "gather of a matrix of positions",
    (x) => gather(x, tensor([[1, 0]])),
    "a[torch.tensor([[1, 0]])]",
    cube,
  ),
  row(
    "with, a range",
    (x, v) => replace(x, ":", "1:3", v),
    "torch.cat([a[:, :1], b.expand(5, 2), a[:, 3:]], 1)",
    [numbers([5, 4]), numbers([5, 1])],
  ),
  row(
    "with, rows of which one is written twice",
    (x, v) => replace(x, [3, 0, 3], v),
    "torch.stack([b[1], a[1], a[2], b[2], a[4]])",
    [numbers([5, 4]), numbers([3, 4])],
  ),
  row(
    "with, a mask",
    (x) => replace(x, mask, 7),
    "a.masked_fill(a.new_tensor([[1,0,1,0],[0,0,1,1],[0,0,0,0],[1,1,1,1],[0,1,0,0]]).bool(), 7)",
    matrix,
  ),
];
