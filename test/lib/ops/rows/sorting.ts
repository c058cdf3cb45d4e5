// Rows of the table of operations: sorting, quantiles, running results, elements by their own positions and by masks.
import * as lectern from "../../../../lib/index.ts";
import { tensor } from "../../../../lib/index.ts";
import { numbers, type Row, row } from "../row.ts";

// Wide ranges: no two numbers are nearer than the differences that gradients are checked with.
const cube = [numbers([2, 3, 4], { low: -400, high: 400 })];
const matrix = [numbers([5, 7], { low: -400, high: 400 })];
const vector = [numbers([9], { low: -400, high: 400 })];
const small = [numbers([3, 5])];
const odd = [numbers([1])];
const empty = [numbers([2, 0, 3])];
const positions = tensor(
  [
    [0, 2, 1, 1],
    [3, 0, 0, -1],
  ],
  { dtype: "int32" },
);

const methods: [lectern.QuantileMethod, string][] = [
  ["linear", "linear"],
  ["lower", "lower"],
  ["higher", "higher"],
  ["nearest", "nearest"],
  ["midpoint", "midpoint"],
  ["invertedCdf", "inverted_cdf"],
  ["averagedInvertedCdf", "averaged_inverted_cdf"],
  ["closestObservation", "closest_observation"],
  ["interpolatedInvertedCdf", "interpolated_inverted_cdf"],
  ["hazen", "hazen"],
  ["weibull", "weibull"],
  ["medianUnbiased", "median_unbiased"],
  ["normalUnbiased", "normal_unbiased"],
];
const shares = [0, 0.05, 0.125, 0.25, 0.4, 0.5, 0.625, 0.75, 0.95, 1];

export const sorting: readonly Row[] = [
  row("sort", (x) => lectern.sort(x), "torch.sort(a, -1)[0]", [cube, matrix, vector, odd, empty]),
  row(
    "sort, descending",
    (x) => lectern.sort(x, 0, { descending: true }),
    "torch.sort(a, 0, descending=True)[0]",
    [cube, empty],
  ),
  row(
    "sort of many",
    (x) => lectern.sort(x),
    "torch.sort(a)[0]",
    [[numbers([300], { low: -400, high: 400 })]],
    { derivatives: 1 },
  ),
  row(
    "argSort with equals",
    (x) => lectern.argSort(x, 1),
    "torch.sort(a, dim=1, stable=True)[1]",
    [numbers([3, 60], { whole: true })],
    { derivatives: 0 },
  ),
  row(
    "argSort with equals, descending",
    (x) => lectern.argSort(x, 1, { descending: true }),
    "torch.sort(a, dim=1, stable=True, descending=True)[1]",
    [numbers([3, 60], { whole: true })],
    { derivatives: 0 },
  ),
  row("topK", (x) => lectern.topK(x, 2).values, "torch.topk(a, 2)[0]", [cube, matrix]),
  row("topK, where", (x) => lectern.topK(x, 2, 1).indices, "torch.topk(a, 2, 1)[1]", cube, {
    derivatives: 0,
  }),
  row(
    "topK, smallest",
    (x) => lectern.topK(x, 3, 0, { largest: false }).values,
    "torch.topk(a, 3, 0, largest=False)[0]",
    matrix,
  ),
  row("cumSum", (x) => lectern.cumSum(x, 1), "a.cumsum(1)", [small, empty, [numbers([2, 1])]]),
  row("cumProd", (x) => lectern.cumProd(x, 1), "a.cumprod(1)", [small, empty, [numbers([2, 1])]]),
  row(
    "cumProd with zeros",
    (x) => lectern.cumProd(x.mul(tensor([1, 0, 1, 0, 1]))),
    "(a * a.new_tensor([1, 0, 1, 0, 1])).cumprod(1)",
    small,
  ),
  row("cumMax", (x) => lectern.cumMax(x, 0), "a.cummax(0)[0]", [matrix, empty]),
  row("cumMin", (x) => lectern.cumMin(x), "a.cummin(-1)[0]", [matrix, odd]),
  row("diff", (x) => lectern.diff(x), "a.diff()", [small, odd, empty]),
  row("diff, twice", (x) => lectern.diff(x, 0, 2), "a.diff(n=2, dim=0)", matrix),
  row("median", (x) => lectern.median(x), "torch.quantile(a, 0.5)", [cube, matrix, vector, odd]),
  row(
    "median of axes",
    (x) => lectern.median(x, [0, 2], { keepDims: true }),
    "np.median(a, (0, 2), keepdims=True)",
    cube,
  ),
  row("quantile", (x) => lectern.quantile(x, 0.3, 1), "torch.quantile(a, 0.3, 1)", matrix),
  row(
    "quantiles, keepDims",
    (x) => lectern.quantile(x, [0.1, 0.75], 0, { keepDims: true }),
    "torch.quantile(a, a.new_tensor([0.1, 0.75]), 0, keepdim=True)",
    matrix,
  ),
  row("percentile", (x) => lectern.percentile(x, 37.5), "np.percentile(a, 37.5)", vector),
  ...methods.map(([method, name]) =>
    row(
      `quantile, ${method}`,
      (x) => lectern.quantile(x, shares, undefined, { method }),
      `np.quantile(a, ${JSON.stringify(shares)}, method="${name}")`,
      [vector, [numbers([8], { low: -400, high: 400 })], odd],
      { derivatives: 1 },
    ),
  ),
  row(
    "takeAlongAxis",
    (x) => lectern.takeAlongAxis(x, positions),
    "torch.gather(a, 1, torch.tensor([[0, 2, 1, 1], [3, 0, 0, 4]]))",
    [numbers([2, 5])],
  ),
  row(
    "takeAlongAxis, broadcast",
    (x) => lectern.takeAlongAxis(x, tensor([[1], [0]]), 0),
    "np.take_along_axis(a, np.array([[1], [0]]), 0)",
    [numbers([2, 5])],
  ),
  row(
    "scatter",
    (x, v) =>
      lectern.scatter(
        x,
        tensor([
          [0, 2],
          [4, 0],
        ]),
        v,
      ),
    "a.scatter(1, torch.tensor([[0, 2], [4, 0]]), b)",
    [numbers([2, 5]), numbers([2, 2])],
  ),
  row(
    "scatterAdd",
    (x, v) => lectern.scatterAdd(x, positions, v),
    "a.scatter_add(1, torch.tensor([[0, 2, 1, 1], [3, 0, 0, 4]]), b)",
    [numbers([2, 5]), numbers([2, 4])],
  ),
  row(
    "maskedSelect",
    (x) => lectern.maskedSelect(x, tensor([true, false, true, true, false])),
    "torch.masked_select(a, torch.tensor([1, 0, 1, 1, 0]).bool())",
    small,
  ),
  row(
    "maskedFill",
    (x) => lectern.maskedFill(x, tensor([true, false, true, true, false]), 9),
    "a.masked_fill(torch.tensor([1, 0, 1, 1, 0]).bool(), 9)",
    small,
  ),
  row("compress", (x) => lectern.compress(x, [true, false, true], 0), "a[[0, 2]]", small),
  row("without", (x) => lectern.without(x, [1, -1], 1), "a[:, [0, 2, 3]]", small),
  row("argWhere", (x) => lectern.argWhere(x.greater(0)), "torch.argwhere(a > 0)", small, { derivatives: 0 }),
  row(
    "bincount",
    (x) => lectern.bincount(x),
    "np.bincount(a.long())",
    [numbers([40], { low: 0, high: 9, whole: true })],
    { derivatives: 0 },
  ),
  row(
    "searchSorted",
    (x) => lectern.searchSorted(tensor([-1, -1, 0, 1]), x),
    "np.searchsorted([-1, -1, 0, 1], a)",
    [numbers([3, 9], { whole: true })],
    { derivatives: 0 },
  ),
  row(
    "searchSorted, right",
    (x) => lectern.searchSorted(tensor([-1, -1, 0, 1]), x, { side: "right" }),
    "np.searchsorted([-1, -1, 0, 1], a, 'right')",
    [numbers([3, 9], { whole: true })],
    { derivatives: 0 },
  ),
  row(
    "digitize",
    (x) => lectern.digitize(x, tensor([-1, 0, 1])),
    "np.digitize(a, [-1, 0, 1])",
    [numbers([30], { whole: true })],
    { derivatives: 0 },
  ),
  row(
    "digitize, right",
    (x) => lectern.digitize(x, tensor([-1, 0, 1]), { right: true }),
    "np.digitize(a, [-1, 0, 1], True)",
    [numbers([30], { whole: true })],
    { derivatives: 0 },
  ),
  row(
    "histogram",
    (x) => lectern.histogram(x, { bins: 7 }).counts,
    "np.histogram(a, 7)[0]",
    [numbers([50])],
    { derivatives: 0 },
  ),
  row("histogram of equals", (x) => lectern.histogram(x.mul(0)).edges, "np.histogram(a * 0)[1]", vector, {
    derivatives: 0,
  }),
  row("histogram, edges", (x) => lectern.histogram(x, { bins: 7 }).edges, "np.histogram(a, 7)[1]", vector, {
    derivatives: 0,
  }),
  row(
    "histogram, given edges",
    (x) => lectern.histogram(x, { bins: [-1, 0, 2] }).counts,
    "np.histogram(a, [-1, 0, 2])[0]",
    [numbers([50], { whole: true })],
    { derivatives: 0 },
  ),
  row(
    "histogram, density",
    (x) => lectern.histogram(x, { bins: 5, range: [-1, 1], density: true }).counts,
    "np.histogram(a, 5, (-1, 1), density=True)[0]",
    [numbers([50])],
    { derivatives: 0 },
  ),
  row(
    "unique, values",
    (x) => lectern.unique(x).values,
    "torch.unique(a)",
    [[numbers([4, 9], { whole: true })], [numbers([0])]],
    { derivatives: 0 },
  ),
  row(
    "unique, counts",
    (x) => lectern.unique(x).counts,
    "torch.unique(a, return_counts=True)[1]",
    [numbers([4, 9], { whole: true })],
    { derivatives: 0 },
  ),
  row(
    "unique, inverse",
    (x) => lectern.unique(x).inverse,
    "torch.unique(a, return_inverse=True)[1]",
    [numbers([4, 9], { whole: true })],
    { derivatives: 0 },
  ),
  row(
    "unique, indices",
    (x) => lectern.unique(x).indices,
    "np.unique(a, return_index=True)[1]",
    [numbers([4, 9], { whole: true })],
    { derivatives: 0 },
  ),
];
