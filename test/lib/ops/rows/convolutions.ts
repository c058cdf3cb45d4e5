// Rows of the table of operations: convolutions and what is made of them. PyTorch has channels behind the batch and filters first,
// so the references permute on the way in and out.
import * as lectern from "../../../../lib/index.ts";
import { numbers, type Row, row } from "../row.ts";

const { functional } = lectern;

const filters = { 1: "(2, 1, 0)", 2: "(3, 2, 0, 1)", 3: "(4, 3, 0, 1, 2)" };
type Rank = keyof typeof filters;

/** The same in PyTorch; `pad` as F.pad wants it: last axis first. */
function torch(rank: Rank, options = "", pad = ""): string {
  const x = pad === "" ? "a.movedim(-1, 1)" : `F.pad(a.movedim(-1, 1), (${pad}))`;
  return `F.conv${rank}d(${x}, b.permute${filters[rank]}, c${options}).movedim(1, -1)`;
}

function images(shape: number[], weights: number[], count = weights.at(-1)!) {
  const small = { low: -1, high: 1 };
  return [numbers(shape, small), numbers(weights, small), numbers([count], small)];
}

function conv(
  name: string,
  rank: Rank,
  options: lectern.functional.ConvolutionOptions,
  reference: string,
  shape: number[],
  weights: number[],
): Row {
  const apply = functional[`conv${rank}d`];
  return row(
    `conv${rank}d ${name}`,
    (x, w, bias) => apply(x, w, { ...options, bias }),
    reference,
    images(shape, weights),
  );
}

function transposed(
  name: string,
  rank: Rank,
  options: lectern.functional.TransposedOptions,
  settings: string,
  shape: number[],
  weights: number[],
  groups = 1,
): Row {
  const apply = functional[`conv${rank}dTranspose`];
  // [in, out / groups, …] in PyTorch.
  return row(
    `conv${rank}dTranspose ${name}`,
    (x, w, bias) => apply(x, w, { ...options, bias }),
    `F.conv_transpose${rank}d(a.movedim(-1, 1), b.permute${filters[rank]}, c${settings}).movedim(1, -1)`,
    images(shape, weights, weights.at(-2)! * groups),
  );
}

const image = [numbers([5, 6]), numbers([3, 2])];
const vectors = [
  [numbers([6]), numbers([3])],
  [numbers([2]), numbers([5])],
  [numbers([4]), numbers([4])],
  [numbers([1]), numbers([1])],
];
const values = { derivatives: 2 } as const;

export const convolutions: readonly Row[] = [
  conv("valid", 1, {}, torch(1), [2, 7, 3], [3, 3, 4]),
  conv("same, stride 2", 1, { padding: "same", strides: 2 }, torch(1, ", 2", "0, 1"), [2, 6, 2], [3, 2, 3]),
  conv(
    "causal, dilation 2",
    1,
    { padding: "causal", dilation: 2 },
    torch(1, ", 1, 0, 2", "4, 0"),
    [2, 7, 2],
    [3, 2, 3],
  ),
  conv("one pixel", 2, {}, torch(2), [1, 1, 1, 1], [1, 1, 1, 1]),
  conv("no images", 2, {}, torch(2), [0, 4, 4, 2], [2, 2, 2, 3]),
  conv("valid", 2, {}, torch(2), [2, 5, 4, 3], [3, 2, 3, 4]),
  conv("same", 2, { padding: "same" }, torch(2, ", 1, 'same'"), [2, 5, 4, 2], [3, 3, 2, 3]),
  conv("same, even window", 2, { padding: "same" }, torch(2, "", "1, 2, 0, 1"), [1, 3, 4, 2], [2, 4, 2, 3]),
  conv(
    "asymmetric",
    2,
    {
      padding: [
        [2, 0],
        [0, 3],
      ],
    },
    torch(2, "", "0, 3, 2, 0"),
    [2, 3, 2, 2],
    [3, 2, 2, 3],
  ),
  conv("stride beyond the window", 2, { strides: [3, 4] }, torch(2, ", (3, 4)"), [2, 8, 9, 2], [2, 3, 2, 3]),
  conv(
    "stride 2, padding 1, dilation 2×1",
    2,
    { strides: 2, padding: 1, dilation: [2, 1] },
    torch(2, ", 2, 1, (2, 1)"),
    [2, 7, 6, 2],
    [3, 3, 2, 3],
  ),
  conv("two groups", 2, { groups: 2, padding: 1 }, torch(2, ", 1, 1, 1, 2"), [2, 4, 5, 4], [3, 3, 2, 6]),
  conv(
    "depthwise, stride 2",
    2,
    { groups: 9, strides: 2, padding: 1 },
    torch(2, ", 2, 1, 1, 9"),
    [2, 5, 4, 9],
    [3, 3, 1, 9],
  ),
  conv(
    "three filters a channel",
    2,
    { groups: 2, dilation: 2 },
    torch(2, ", 1, 0, 2, 2"),
    [2, 5, 5, 2],
    [2, 2, 1, 6],
  ),
  conv("1×1", 2, {}, torch(2), [2, 3, 2, 5], [1, 1, 5, 4]),
  conv(
    "relu",
    2,
    { activation: "relu", padding: 1 },
    `torch.relu(${torch(2, ", 1, 1")})`,
    [1, 4, 4, 2],
    [3, 3, 2, 3],
  ),
  conv("valid", 3, {}, torch(3), [1, 3, 4, 3, 2], [2, 2, 3, 2, 3]),
  conv(
    "stride, padding, dilation",
    3,
    { strides: [1, 2, 1], padding: [0, 1, 1], dilation: [1, 1, 2] },
    torch(3, ", (1, 2, 1), (0, 1, 1), (1, 1, 2)"),
    [1, 3, 4, 5, 2],
    [2, 2, 2, 2, 3],
  ),
  row(
    "conv2d channels first",
    (x, w) => functional.conv2d(x, w, { dataFormat: "channelsFirst", padding: 1 }),
    "F.conv2d(a, b.permute(3, 2, 0, 1), padding=1)",
    [numbers([2, 3, 4, 5]), numbers([3, 3, 3, 2])],
  ),
  row(
    "depthwiseConv2d",
    (x, w) => functional.depthwiseConv2d(x, w, { padding: "same" }),
    "F.conv2d(a.movedim(-1, 1), b.permute(2, 3, 0, 1).reshape(6, 1, 3, 3), padding='same', groups=3).movedim(1, -1)",
    [numbers([2, 4, 3, 3]), numbers([3, 3, 3, 2])],
  ),
  row(
    "separableConv2d",
    (x, w, p) => functional.separableConv2d(x, w, p),
    "F.conv2d(F.conv2d(a.movedim(-1, 1), b.permute(2, 3, 0, 1).reshape(6, 1, 2, 2), groups=3), c.permute(3, 2, 0, 1)).movedim(1, -1)",
    [numbers([2, 3, 3, 3]), numbers([2, 2, 3, 2]), numbers([1, 1, 6, 2])],
  ),
  transposed("stride 2", 1, { strides: 2 }, ", 2", [2, 4, 3], [3, 2, 3]),
  transposed("stride 1", 2, {}, "", [2, 3, 2, 3], [2, 3, 2, 3]),
  transposed(
    "stride 2, padding 1, output padding 1",
    2,
    { strides: 2, padding: 1, outputPadding: 1 },
    ", 2, 1, 1",
    [2, 3, 4, 2],
    [3, 3, 3, 2],
  ),
  transposed(
    "padding 0, stride beyond the window",
    2,
    { strides: 3, padding: 0 },
    ", 3",
    [1, 3, 2, 2],
    [2, 2, 2, 2],
  ),
  transposed(
    "dilation, groups",
    2,
    { strides: [2, 1], dilation: [1, 2], groups: 2 },
    ", (2, 1), 0, 0, 2, (1, 2)",
    [1, 3, 3, 4],
    [2, 2, 3, 4],
    2,
  ),
  transposed("stride 2", 3, { strides: 2, padding: 1 }, ", 2, 1", [1, 2, 3, 2, 2], [3, 2, 3, 2, 2]),
  row("convolve full", (a, b) => lectern.convolve(a, b), "np.convolve(a, b)", vectors, values),
  row(
    "convolve same",
    (a, b) => lectern.convolve(a, b, "same"),
    "np.convolve(a, b, 'same')",
    vectors,
    values,
  ),
  row(
    "convolve valid",
    (a, b) => lectern.convolve(a, b, "valid"),
    "np.convolve(a, b, 'valid')",
    vectors,
    values,
  ),
  row("correlate valid", (a, b) => lectern.correlate(a, b), "np.correlate(a, b)", vectors, values),
  row(
    "correlate same",
    (a, b) => lectern.correlate(a, b, "same"),
    "np.correlate(a, b, 'same')",
    vectors,
    values,
  ),
  row(
    "correlate full",
    (a, b) => lectern.correlate(a, b, "full"),
    "np.correlate(a, b, 'full')",
    vectors,
    values,
  ),
  ...(["full", "same", "valid"] as const).flatMap((mode) => [
    row(
      `convolve2d ${mode}`,
      (a, b) => lectern.convolve2d(a, b, mode),
      `scipy.signal.convolve2d(a, b, '${mode}')`,
      [image, image.toReversed(), [numbers([4, 4]), numbers([4, 4])]],
      values,
    ),
    row(
      `correlate2d ${mode}`,
      (a, b) => lectern.correlate2d(a, b, mode),
      `scipy.signal.correlate2d(a, b, '${mode}')`,
      [image, image.toReversed(), [numbers([4, 4]), numbers([4, 4])]],
      values,
    ),
  ]),
  row(
    "im2col",
    (x) => lectern.im2col(x, [2, 3], { padding: 1, strides: [2, 1] }),
    "F.unfold(a.movedim(-1, 1), (2, 3), padding=1, stride=(2, 1)).reshape(2, 3, 6, 3, 4).permute(0, 3, 4, 2, 1).reshape(2, 3, 4, 18)",
    [numbers([2, 4, 4, 3])],
  ),
];

const pooling = (
  name: string,
  options: lectern.functional.PoolOptions,
  settings: string,
  shape: number[],
  pad = "",
) => {
  const x = pad === "" ? "a.movedim(-1, 1)" : `F.pad(a.movedim(-1, 1), (${pad}), value=-9)`;
  return row(
    `maxPool2d ${name}`,
    (a) => functional.maxPool2d(a, options),
    `F.max_pool2d(${x}, ${settings}).movedim(1, -1)`,
    [numbers(shape)],
  );
};

const average = (
  name: string,
  options: lectern.functional.AveragePoolOptions,
  settings: string,
  shape: number[],
) =>
  row(
    `avgPool2d ${name}`,
    (a) => functional.avgPool2d(a, options),
    `F.avg_pool2d(a.movedim(-1, 1), ${settings}).movedim(1, -1)`,
    [numbers(shape)],
  );

export const pools: readonly Row[] = [
  pooling("2×2", {}, "2", [2, 4, 6, 3]),
  pooling("no images", {}, "2", [0, 4, 4, 3]),
  pooling("odd edges", {}, "2", [2, 5, 7, 8]),
  pooling("overlapping", { poolSize: 3, strides: 2 }, "3, 2", [2, 7, 7, 5]),
  pooling("overlapping, one cell around", { poolSize: 3, strides: 2, padding: 1 }, "3, 2, 1", [1, 6, 7, 3]),
  pooling(
    "same",
    { poolSize: [3, 2], strides: [2, 1], padding: "same" },
    "(3, 2), (2, 1)",
    [2, 5, 4, 3],
    "0, 1, 1, 1",
  ),
  pooling("ceil mode", { poolSize: 2, strides: 3, ceilMode: true }, "2, 3, ceil_mode=True", [1, 7, 9, 2]),
  pooling(
    "ceil mode, padded",
    { poolSize: 3, strides: 2, padding: 1, ceilMode: true },
    "3, 2, 1, ceil_mode=True",
    [1, 6, 7, 2],
  ),
  pooling("dilation", { poolSize: 2, strides: 1, dilation: [2, 3] }, "2, 1, 0, (2, 3)", [1, 5, 6, 2]),
  row(
    "maxPool1d",
    (a) => functional.maxPool1d(a, { poolSize: 3 }),
    "F.max_pool1d(a.movedim(-1, 1), 3).movedim(1, -1)",
    [numbers([2, 7, 3])],
  ),
  row(
    "maxPool3d",
    (a) => functional.maxPool3d(a, { poolSize: 2, strides: 1 }),
    "F.max_pool3d(a.movedim(-1, 1), 2, 1).movedim(1, -1)",
    [numbers([1, 3, 4, 3, 2])],
  ),
  average("2×2", {}, "2", [2, 4, 6, 3]),
  average(
    "overlapping, padding not counted",
    { poolSize: 3, strides: 2, padding: 1 },
    "3, 2, 1, count_include_pad=False",
    [2, 6, 7, 3],
  ),
  average(
    "padding counted",
    { poolSize: 3, strides: 2, padding: 1, countPadding: true },
    "3, 2, 1",
    [2, 6, 7, 3],
  ),
  average(
    "padding counted, ceil mode",
    { poolSize: 3, strides: 2, padding: 1, ceilMode: true, countPadding: true },
    "3, 2, 1, ceil_mode=True",
    [1, 6, 7, 2],
  ),
  row(
    "avgPool1d",
    (a) => functional.avgPool1d(a, { poolSize: 3, strides: 1 }),
    "F.avg_pool1d(a.movedim(-1, 1), 3, 1).movedim(1, -1)",
    [numbers([2, 7, 3])],
  ),
  row("avgPool3d", (a) => functional.avgPool3d(a), "F.avg_pool3d(a.movedim(-1, 1), 2).movedim(1, -1)", [
    numbers([1, 4, 5, 2, 9]),
  ]),
  row(
    "sumPool2d",
    (a) => functional.sumPool2d(a, { poolSize: [2, 3], strides: 1 }),
    "F.avg_pool2d(a.movedim(-1, 1), (2, 3), 1, divisor_override=1).movedim(1, -1)",
    [numbers([2, 4, 5, 3])],
  ),
  row("globalAveragePool", (a) => functional.globalAveragePool(a), "a.mean((1, 2))", [numbers([2, 3, 4, 3])]),
  row(
    "globalMaxPool",
    (a) => functional.globalMaxPool(a, { dataFormat: "channelsFirst" }),
    "a.amax((2, 3))",
    [numbers([2, 3, 4, 3])],
  ),
  row(
    "upsample",
    (a) => functional.upsample(a, [2, 3]),
    "F.interpolate(a.movedim(-1, 1), scale_factor=(2, 3)).movedim(1, -1)",
    [numbers([2, 3, 2, 3])],
  ),
  row(
    "upsample volumes",
    (a) => functional.upsample(a),
    "F.interpolate(a.movedim(-1, 1), scale_factor=2).movedim(1, -1)",
    [numbers([1, 2, 3, 2, 2])],
  ),
  row(
    "resizeBilinear larger",
    (a) => functional.resizeBilinear(a, [5, 7]),
    "F.interpolate(a.movedim(-1, 1), (5, 7), mode='bilinear').movedim(1, -1)",
    [numbers([2, 3, 4, 2])],
  ),
  row(
    "resizeBilinear smaller",
    (a) => functional.resizeBilinear(a, [2, 3]),
    "F.interpolate(a.movedim(-1, 1), (2, 3), mode='bilinear').movedim(1, -1)",
    [numbers([1, 5, 7, 2])],
  ),
  row(
    "resizeBilinear, corners aligned",
    (a) => functional.resizeBilinear(a, [5, 1], { alignCorners: true }),
    "F.interpolate(a.movedim(-1, 1), (5, 1), mode='bilinear', align_corners=True).movedim(1, -1)",
    [numbers([1, 3, 4, 2])],
  ),
  row(
    "stochasticPool2d, its mean",
    (x) => functional.stochasticPool2d(x, { poolSize: 3, strides: 2 }),
    "(F.avg_pool2d(a.movedim(-1, 1) ** 2, 3, 2) / F.avg_pool2d(a.movedim(-1, 1), 3, 2)).movedim(1, -1)",
    [numbers([2, 7, 5, 3], { low: 0.125, high: 2 })],
  ),
];
