// Rows of the table of operations: normalizations, and embeddings. Channels are last here and second in PyTorch.
import { tensor } from "../../../../lib/index.ts";
import { embedding } from "../../../../lib/ops/embedding.ts";
import {
  batchNorm,
  groupNorm,
  instanceNorm,
  layerNorm,
  moments,
  rmsNorm,
} from "../../../../lib/ops/normalization.ts";
import { localResponseNorm } from "../../../../lib/ops/responseNormalization.ts";
import { numbers, type Row, row } from "../row.ts";

/** x, gamma and beta. */
const weighted = (shape: number[], weights: number[]) => [numbers(shape), numbers(weights), numbers(weights)];
const positive = { low: 0.5, high: 2 };
// Dividing by a small spread multiplies the roundings.
const rough = { tolerance: 1e-5, tolerance64: 1e-11 };

export const normalization: readonly Row[] = [
  row("moments, the mean", (x) => moments(x, [0, 1]).mean, "a.mean((0, 1))", [numbers([3, 4, 2])]),
  row(
    "moments, the variance",
    (x) => moments(x, [0, 1], { keepDims: true }).variance,
    "a.var((0, 1), correction=0, keepdim=True)",
    [numbers([3, 4, 2])],
  ),
  row(
    "batchNorm with the statistics of the batch",
    (x, gamma, beta) => batchNorm(x, { ...moments(x, [0, 1]), gamma, beta }),
    "F.batch_norm(a.movedim(-1, 1), None, None, b, c, training=True).movedim(1, -1)",
    weighted([5, 4, 3], [3]),
    rough,
  ),
  row(
    "batchNorm with given statistics",
    (x, mean, variance) => batchNorm(x, { mean, variance, epsilon: 1e-3 }),
    "(a - b) / torch.sqrt(c + 1e-3)",
    [
      [numbers([4, 3]), numbers([3]), numbers([3], positive)],
      [numbers([0, 3]), numbers([3]), numbers([3], positive)],
    ],
  ),
  row(
    "layerNorm",
    (x, gamma, beta) => layerNorm(x, { gamma, beta }),
    "F.layer_norm(a, (5,), b, c)",
    [weighted([3, 5], [5]), weighted([2, 3, 5], [5]), weighted([5], [5])],
    rough,
  ),
  row(
    "layerNorm over two axes",
    (x, gamma, beta) => layerNorm(x, { gamma, beta, axes: 2 }),
    "F.layer_norm(a, (3, 4), b, c)",
    weighted([2, 3, 4], [3, 4]),
    rough,
  ),
  row("layerNorm of one number is 0", (x) => layerNorm(x), "F.layer_norm(a, (1,))", [numbers([3, 1])]),
  row(
    "rmsNorm",
    (x, gamma) => rmsNorm(x, { gamma }),
    "F.rms_norm(a, (5,), b, 1e-5)",
    [numbers([3, 5]), numbers([5])],
    rough,
  ),
  row(
    "groupNorm",
    (x, gamma, beta) => groupNorm(x, 2, { gamma, beta }),
    "F.group_norm(a.movedim(-1, 1), 2, b, c).movedim(1, -1)",
    [weighted([2, 3, 4], [4]), weighted([2, 3, 2, 6], [6])],
    rough,
  ),
  row(
    "instanceNorm",
    (x, gamma, beta) => instanceNorm(x, { gamma, beta }),
    "F.instance_norm(a.movedim(-1, 1), None, None, b, c).movedim(1, -1)",
    weighted([2, 5, 3], [3]),
    rough,
  ),
  row(
    "embedding",
    (table) =>
      embedding(
        tensor(
          [
            [0, 2, 2],
            [3, 2, 0],
          ],
          { dtype: "int32" },
        ),
        table,
      ),
    "F.embedding(torch.tensor([[0, 2, 2], [3, 2, 0]]), a)",
    [numbers([4, 3])],
  ),
  row(
    "localResponseNorm",
    (x) => localResponseNorm(x),
    "F.local_response_norm(a.movedim(-1, 1), 5, alpha=5e-4, beta=0.75, k=2.0).movedim(1, -1)",
    [numbers([2, 3, 7])],
  ),
  row(
    "localResponseNorm of four channels, AlexNet's formula in PyTorch's terms",
    (x) => localResponseNorm(x, { size: 4, bias: 1, alpha: 0.25, beta: 0.5 }),
    "F.local_response_norm(a.movedim(-1, 1), 4, alpha=1.0, beta=0.5, k=1.0).movedim(1, -1)",
    [[numbers([2, 3, 7])], [numbers([2, 3, 2])], [numbers([0, 3, 5])]],
  ),
];
