// Rows of the table of operations: axes and elements rearranged, padding, splitting.
import * as lectern from "../../../../lib/index.ts";
import { numbers, type Row, row } from "../row.ts";

const cube = [numbers([2, 3, 4])];
const matrix = [numbers([3, 5])];
const vector = [numbers([5])];
const six = [numbers([2, 1, 3, 2, 1, 2])];

/** Padding with the modes of NumPy: gradients are compared with differences. */
function padding(mode: "reflect" | "symmetric" | "edge" | "wrap"): Row[] {
  const amounts = [
    [2, 1],
    [0, 3],
  ] as const;
  return [
    row(
      `pad, ${mode}`,
      (x) => lectern.pad(x, amounts, { mode }),
      `np.pad(a, ((2, 1), (0, 3)), mode="${mode}")`,
      matrix,
    ),
    row(
      `pad, ${mode}, more than there is`,
      (x) => lectern.pad(x, [[4, 7]], { mode }),
      `np.pad(a, (4, 7), mode="${mode}")`,
      [[numbers([3])], [numbers([1])]],
    ),
  ];
}

export const shapes: readonly Row[] = [
  row("permute", (x) => lectern.permute(x, [2, 0, 1]), "a.permute(2, 0, 1)", [cube, [numbers([0, 2, 1])]]),
  row("permute, six axes", (x) => lectern.permute(x, [3, 1, 5, 0, 2, 4]), "a.permute(3, 1, 5, 0, 2, 4)", six),
  row("swapAxes", (x) => lectern.swapAxes(x, -1, 0), "a.swapaxes(-1, 0)", cube),
  row("moveAxis", (x) => lectern.moveAxis(x, 0, -1), "torch.movedim(a, 0, -1)", cube),
  row("moveAxis, two", (x) => lectern.moveAxis(x, [0, 2], [1, 0]), "torch.movedim(a, (0, 2), (1, 0))", cube),
  row("flip", (x) => lectern.flip(x), "torch.flip(a, [0, 1, 2])", [
    cube,
    [numbers([2, 0, 3])],
    [numbers([1, 1, 1])],
  ]),
  row("flip of axes", (x) => lectern.flip(x, [0, -1]), "torch.flip(a, [0, 2])", cube),
  row("roll", (x) => lectern.roll(x, -7), "torch.roll(a, -7)", [cube, vector, [numbers([0])]]),
  row("roll of axes", (x) => lectern.roll(x, [1, -5], [0, 2]), "torch.roll(a, (1, -5), (0, 2))", cube),
  row("rot90", (x) => lectern.rot90(x), "torch.rot90(a)", matrix),
  row(
    "rot90, back, in another plane",
    (x) => lectern.rot90(x, -1, [2, 1]),
    "torch.rot90(a, -1, (2, 1))",
    cube,
  ),
  row("rot90, twice", (x) => lectern.rot90(x, 2), "torch.rot90(a, 2)", matrix),
  row("tile", (x) => lectern.tile(x, [2, 1, 3]), "a.tile(2, 1, 3)", [matrix, cube, [numbers([2, 0])]]),
  row("tile, fewer numbers than axes", (x) => lectern.tile(x, 2), "a.tile(2)", [cube, [numbers([])]]),
  row("repeat", (x) => lectern.repeat(x, 3), "a.repeat_interleave(3)", [cube, vector]),
  row("repeat along an axis", (x) => lectern.repeat(x, 2, 1), "a.repeat_interleave(2, 1)", cube),
  row(
    "repeat, each its number",
    (x) => lectern.repeat(x, [2, 0, 1], -2),
    "a.repeat_interleave(torch.tensor([2, 0, 1]), 1)",
    cube,
  ),
  row("slidingWindow", (x) => lectern.slidingWindow(x, 3, { axis: 1 }), "a.unfold(1, 3, 1)", [matrix, cube]),
  row(
    "slidingWindow, stride 2",
    (x) => lectern.slidingWindow(x, 2, { stride: 2 }),
    "a.unfold(-1, 2, 2)",
    matrix,
  ),
  row(
    "slidingWindow, two axes",
    (x) => lectern.slidingWindow(x, [2, 3]),
    "a.unfold(0, 2, 1).unfold(1, 3, 1)",
    matrix,
  ),
  row(
    "pad",
    (x) =>
      lectern.pad(
        x,
        [
          [2, 0],
          [1, 3],
        ],
        { value: 1.5 },
      ),
    "F.pad(a, (1, 3, 2, 0), value=1.5)",
    matrix,
  ),
  row("pad, one number", (x) => lectern.pad(x, 1), "F.pad(a, (1, 1, 1, 1))", [matrix, [numbers([0, 2])]]),
  ...(["reflect", "symmetric", "edge", "wrap"] as const).flatMap(padding),
  row(
    "split",
    (x) => lectern.concat(lectern.split(x, 3, 1).reverse()),
    "torch.cat(a.split(1, 1)[::-1])",
    cube,
  ),
  row(
    "split into sizes",
    (x) => lectern.concat(lectern.split(x, [1, -1], 1).reverse(), 1),
    "torch.cat(a.split([1, 4], 1)[::-1], 1)",
    matrix,
  ),
  row(
    "chunk",
    (x) => lectern.concat(lectern.chunk(x, 3, 1).reverse(), 1),
    "torch.cat(a.chunk(3, 1)[::-1], 1)",
    matrix,
  ),
  row(
    "unstack",
    (x) => lectern.stack(lectern.unstack(x, 1).reverse()),
    "torch.stack(a.unbind(1)[::-1])",
    cube,
  ),
  row("broadcastTo", (x) => lectern.broadcastTo(x, [2, 3, 4]), "a.expand(2, 3, 4)", [
    [numbers([3, 1])],
    [numbers([])],
  ]),
];
