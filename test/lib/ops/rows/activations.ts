// Rows of the table of operations: activations of neural networks.
import * as lectern from "../../../../lib/index.ts";
import { binary, numbers, type Row, row, unary } from "../row.ts";

const atZero = { low: -4, high: 4, kinks: [0] };
const wide = { low: -6, high: 6 };

export const activations: readonly Row[] = [
  unary("relu", lectern.relu, "torch.relu(a)", atZero),
  unary("sigmoid", (x) => lectern.sigmoid(x), "torch.sigmoid(a)", wide),
  unary("softplus", lectern.softplus, "F.softplus(a)", wide, { special: "np.logaddexp(a, 0)" }),
  unary("leakyRelu", (x) => lectern.leakyRelu(x), "F.leaky_relu(a)", atZero),
  unary("leakyRelu 0.3", (x) => lectern.leakyRelu(x, { negativeSlope: 0.3 }), "F.leaky_relu(a, 0.3)", atZero),
  unary("elu", (x) => lectern.elu(x), "F.elu(a)", atZero),
  unary("elu 0.7", (x) => lectern.elu(x, { alpha: 0.7 }), "F.elu(a, 0.7)", atZero),
  unary("selu", lectern.selu, "F.selu(a)", atZero),
  unary("gelu", (x) => lectern.gelu(x), "F.gelu(a)", wide),
  unary(
    "gelu with tanh",
    (x) => lectern.gelu(x, { approximate: true }),
    'F.gelu(a, approximate="tanh")',
    wide,
  ),
  unary("silu", lectern.silu, "F.silu(a)", wide),
  unary("mish", lectern.mish, "F.mish(a)", wide),
  // F.hardsigmoid has its gradient 1/6 in float32 only.
  unary("hardSigmoid", lectern.hardSigmoid, "torch.clamp(a / 6 + 0.5, 0, 1)", { ...wide, kinks: [-3, 3] }),
  unary("hardTanh", lectern.hardTanh, "F.hardtanh(a)", { ...wide, kinks: [-1, 1] }),
  unary("sigmoid of slope 2.5", (x) => lectern.sigmoid(x, { slope: 2.5 }), "torch.sigmoid(2.5 * a)", wide),
  unary("step", (x) => lectern.step(x), "np.heaviside(a, 1)", atZero, { derivatives: 1 }),
  unary(
    "step at 0.5",
    (x) => lectern.step(x, { threshold: 0.5 }),
    "np.heaviside(a - 0.5, 1)",
    { kinks: [0.5] },
    { derivatives: 1 },
  ),
  unary("clippedLinear", (x) => lectern.clippedLinear(x), "F.hardtanh(a)", { ...wide, kinks: [-1, 1] }),
  unary(
    "clippedLinear with its own ends",
    (x) => lectern.clippedLinear(x, { low: -0.5, high: 1.5, below: -3, above: 2 }),
    "torch.where(a < -0.5, -3.0, torch.where(a > 1.5, 2.0, a))",
    { ...wide, kinks: [-0.5, 1.5] },
  ),
  unary("softThreshold", (x) => lectern.softThreshold(x, 0.75), "F.softshrink(a, 0.75)", {
    ...wide,
    kinks: [-0.75, 0.75],
  }),
  binary("prelu", lectern.prelu, "torch.where(a > 0, a, a * b)", [atZero, { low: 0, high: 1 }]),
  row("maxout", (x) => lectern.maxout(x, 3), "a.reshape(2, 2, 3).amax(-1)", [
    numbers([2, 6], { low: -9, high: 9 }),
  ]),
  row("maxout of axis 0", (x) => lectern.maxout(x, 2, { axis: 0 }), "a.reshape(2, 2, 3).amax(1)", [
    numbers([4, 3], { low: -9, high: 9 }),
  ]),
];
