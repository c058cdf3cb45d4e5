// Rows of the table of operations: activations of neural networks.
import * as lectern from "../../../../lib/index.ts";
import { type Row, unary } from "../row.ts";

const atZero = { low: -4, high: 4, kinks: [0] };
const wide = { low: -6, high: 6 };

export const activations: readonly Row[] = [
  unary("relu", lectern.relu, "torch.relu(a)", atZero),
  unary("sigmoid", lectern.sigmoid, "torch.sigmoid(a)", wide),
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
];
