// Rows of the table of operations: what networks are made of.
import * as lectern from "../../../../lib/index.ts";
import { conv2d } from "../../../../lib/ops/convolution.ts";
import { meanSquaredError, sigmoidCrossEntropy } from "../../../../lib/ops/loss.ts";
import { maxPool2d } from "../../../../lib/ops/pooling.ts";
import { numbers, type Row, row } from "../row.ts";

const labels = lectern.tensor([2, 0, 1], { dtype: "int32" });
const probabilities = { low: 0.0625, high: 0.9375 };
const convolve = (options: string) =>
  `F.conv2d(a.permute(0, 3, 1, 2), b.permute(3, 2, 0, 1), c${options}).permute(0, 2, 3, 1)`;
// Away from 0, where relu has its kink: products of positive numbers.
const above = { low: 0.25, high: 1 };

export const networks: readonly Row[] = [
  row("matmul", lectern.matmul, "a @ b", [
    [numbers([3, 4]), numbers([4, 2])],
    [numbers([5]), numbers([5])],
    [numbers([2, 1, 3, 4]), numbers([3, 4, 2])],
    [numbers([0, 4]), numbers([4, 2])],
  ]),
  row("linear", (x, w, b) => lectern.linear(x, w, b), "a @ b + c", [
    numbers([3, 4]),
    numbers([4, 2]),
    numbers([2]),
  ]),
  row(
    "linear with relu",
    (x, w, b) => lectern.linear(x, w, b, { activation: "relu" }),
    "torch.relu(a @ b + c)",
    [numbers([3, 4], above), numbers([4, 2], above), numbers([2], above)],
  ),
  row("conv2d", (x, w, b) => conv2d(x, w, { bias: b }), convolve(""), [
    numbers([2, 4, 5, 2]),
    numbers([3, 2, 2, 3]),
    numbers([3]),
  ]),
  row(
    "conv2d, strides and relu",
    (x, w, b) => conv2d(x, w, { bias: b, strides: [2, 1], activation: "relu" }),
    `torch.relu(${convolve(", stride=(2, 1)")})`,
    [numbers([1, 5, 4, 2], above), numbers([3, 2, 2, 2], above), numbers([2], above)],
  ),
  row("conv2d, same", (x, w, b) => conv2d(x, w, { bias: b, padding: "same" }), convolve(", padding=1"), [
    numbers([1, 4, 4, 2]),
    numbers([3, 3, 2, 2]),
    numbers([2]),
  ]),
  row("maxPool2d", (x) => maxPool2d(x), "F.max_pool2d(a.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)", [
    numbers([2, 4, 5, 3]),
  ]),
  row("softmax", (x) => lectern.softmax(x), "a.softmax(-1)", [
    [numbers([3, 5])],
    [numbers([1])],
    [numbers([0, 3])],
  ]),
  row("softmax of axis 0", (x) => lectern.softmax(x, 0), "a.softmax(0)", [numbers([3, 5])]),
  row("logSoftmax", (x) => lectern.logSoftmax(x), "a.log_softmax(-1)", [
    numbers([3, 5], { low: -9, high: 9 }),
  ]),
  row(
    "softmaxCrossEntropy",
    (x) => lectern.softmaxCrossEntropy(x, labels),
    "F.cross_entropy(a, torch.tensor([2, 0, 1]))",
    [numbers([3, 4])],
  ),
  row("sigmoidCrossEntropy", sigmoidCrossEntropy, "F.binary_cross_entropy_with_logits(a, b)", [
    numbers([7]),
    numbers([7], probabilities),
  ]),
  row("meanSquaredError", meanSquaredError, "F.mse_loss(a, b)", [numbers([5, 3]), numbers([5, 3])]),
];
