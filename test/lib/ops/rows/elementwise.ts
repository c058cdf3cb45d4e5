// Rows of the table of operations: functions of one number.
import * as lectern from "../../../../lib/index.ts";
import { type Row, unary } from "../row.ts";

const positive = { low: 0.125, high: 4 };

export const elementwise: readonly Row[] = [
  unary("neg", lectern.neg, "-a"),
  unary("abs", lectern.abs, "torch.abs(a)", { kinks: [0] }),
  unary("square", lectern.square, "torch.square(a)"),
  unary("sqrt", lectern.sqrt, "torch.sqrt(a)", positive),
  unary("exp", lectern.exp, "torch.exp(a)"),
  unary("expm1", lectern.expm1, "torch.expm1(a)"),
  unary("log", lectern.log, "torch.log(a)", positive),
  unary("log1p", lectern.log1p, "torch.log1p(a)", positive),
  unary("sin", lectern.sin, "torch.sin(a)"),
  unary("cos", lectern.cos, "torch.cos(a)"),
  unary("tanh", lectern.tanh, "torch.tanh(a)"),
  unary("sigmoid", lectern.sigmoid, "torch.sigmoid(a)"),
  unary("softplus", lectern.softplus, "np.logaddexp(a, 0)"),
  unary("relu", lectern.relu, "torch.relu(a)", { kinks: [0] }),
  unary("sign", lectern.sign, "np.sign(a)", { kinks: [0] }, { derivatives: 0 }),
  unary("floor", lectern.floor, "torch.floor(a)", {}, { derivatives: 0 }),
  unary("ceil", lectern.ceil, "torch.ceil(a)", {}, { derivatives: 0 }),
  unary("round", lectern.round, "torch.round(a)", {}, { derivatives: 0 }),
  unary("clip", (x) => lectern.clip(x, -1, 0.5), "torch.clamp(a, -1, 0.5)", { kinks: [-1, 0.5] }),
];
