// Rows of the table of operations: reductions.
import * as lectern from "../../../../lib/index.ts";
import { numbers, type Row, row } from "../row.ts";

const shapes = [numbers([2, 3, 4])];
const once = { derivatives: 1 } as const;
const value = { derivatives: 0 } as const;
const offZero = [numbers([5, 4], { kinks: [0] })];
const zeros = [numbers([2, 9], { low: -1, high: 1, whole: true })];
const tensorWithZero = lectern.tensor([1, 1, 0, 1, 1]);
const matrix = [numbers([5, 7])];

export const reductions: readonly Row[] = [
  row("sum", (x) => lectern.sum(x), "a.sum()", [shapes, [numbers([])], [numbers([0])], [numbers([33])]]),
  row("sum of axes 0 and 2", (x) => lectern.sum(x, [0, 2]), "a.sum((0, 2))", shapes),
  row("mean", (x) => lectern.mean(x, 1), "a.mean(1)", matrix),
  row("max", (x) => lectern.max(x, 1), "a.amax(1)", matrix, { derivatives: 1 }),
  row("min", (x) => lectern.min(x, 0), "a.amin(0)", matrix, { derivatives: 1 }),
  row("variance", (x) => lectern.variance(x, 1), "a.var(1, correction=0)", matrix),
  row("std, correction 1", (x) => lectern.std(x, 1, { correction: 1 }), "a.std(1, correction=1)", matrix),
  row("prod", (x) => lectern.prod(x), "a.prod()", [shapes, [numbers([])], [numbers([0])], [numbers([1])]]),
  row("prod of axis 1", (x) => lectern.prod(x, 1), "a.prod(1)", [shapes, [numbers([2, 0])]]),
  row("prod of axes 0 and 2", (x) => lectern.prod(x, [0, 2]), "a.prod(2).prod(0)", shapes),
  row(
    "prod with zeros",
    (x) => lectern.prod(lectern.mul(x, tensorWithZero), 1),
    "(a * (torch.arange(5) != 2)).prod(1)",
    [numbers([3, 5])],
  ),
  row("norm", (x) => lectern.norm(x), "torch.linalg.vector_norm(a)", [matrix, [numbers([3])]]),
  row(
    "norm along an axis",
    (x) => lectern.norm(x, { axis: 1 }),
    "torch.linalg.vector_norm(a, dim=1)",
    matrix,
  ),
  row(
    "norm 1",
    (x) => lectern.norm(x, { axis: 0, ord: 1 }),
    "torch.linalg.vector_norm(a, 1, dim=0)",
    offZero,
  ),
  row(
    "norm 3",
    (x) => lectern.norm(x, { axis: 0, ord: 3 }),
    "torch.linalg.vector_norm(a, 3, dim=0)",
    offZero,
  ),
  row(
    "norm ∞",
    (x) => lectern.norm(x, { axis: 0, ord: Infinity }),
    "torch.linalg.vector_norm(a, np.inf, dim=0)",
    offZero,
    once,
  ),
  row(
    "norm −∞",
    (x) => lectern.norm(x, { axis: 0, ord: -Infinity }),
    "torch.linalg.vector_norm(a, -np.inf, dim=0)",
    offZero,
    once,
  ),
  row(
    "norm 0",
    (x) => lectern.norm(x, { axis: 0, ord: 0 }),
    "torch.linalg.vector_norm(a, 0, dim=0)",
    zeros,
    value,
  ),
  row("logSumExp", (x) => lectern.logSumExp(x), "a.logsumexp((0, 1, 2))", shapes),
  row("logSumExp along an axis", (x) => lectern.logSumExp(x, 1), "a.logsumexp(1)", [
    [numbers([3, 5], { low: -300, high: 300 })],
    [numbers([3, 0])],
  ]),
  row("nanSum", (x) => lectern.nanSum(x, 1), "a.nansum(1)", matrix),
  row("nanMean", (x) => lectern.nanMean(x, 1), "a.nanmean(1)", matrix),
  row("nanMax", (x) => lectern.nanMax(x, 1), "a.amax(1)", matrix),
  row("nanMin", (x) => lectern.nanMin(x, 0), "a.amin(0)", matrix),
  row("nanVariance", (x) => lectern.nanVariance(x), "a.var(correction=0)", matrix),
  row(
    "nanStd of samples",
    (x) => lectern.nanStd(x, 0, { correction: 1, keepDims: true }),
    "a.std(0, keepdim=True)",
    matrix,
  ),
  row("any", (x) => lectern.any(x, 0), "a.to(torch.bool).any(0)", zeros, value),
  row("all", (x) => lectern.all(x, 0), "a.to(torch.bool).all(0)", zeros, value),
  row(
    "any and all of nothing",
    (x) => lectern.logicalXor(lectern.any(x), lectern.all(x)),
    "torch.tensor(True)",
    [numbers([0])],
    value,
  ),
  row("countNonzero", (x) => lectern.countNonzero(x, 0), "torch.count_nonzero(a, 0)", zeros, value),
  row("argMax", (x) => lectern.argMax(x, 1), "a.argmax(1)", matrix, value),
  row("argMin", (x) => lectern.argMin(x), "a.argmin()", matrix, value),
  row("minMaxScale", (x) => lectern.minMaxScale(x), "(a - a.min()) / (a.max() - a.min())", matrix),
  row(
    "minMaxScale to a range, by columns",
    (x) => lectern.minMaxScale(x, { range: [-1, 255], axis: 0 }),
    "(a - a.amin(0)) / (a.amax(0) - a.amin(0)) * 256 - 1",
    matrix,
  ),
];
