// Rows of the table of operations: functions of one number.
import * as lectern from "../../../../lib/index.ts";
import { type Row, unary } from "../row.ts";

const positive = { low: 0.125, high: 4 };
const inner = { low: -0.95, high: 0.95 };
const atZero = { kinks: [0] };
const value = { derivatives: 0 } as const;

export const elementwise: readonly Row[] = [
  unary("neg", lectern.neg, "-a"),
  unary("abs", lectern.abs, "torch.abs(a)", atZero),
  unary("square", lectern.square, "torch.square(a)"),
  unary("sqrt", lectern.sqrt, "torch.sqrt(a)", positive),
  unary("rsqrt", lectern.rsqrt, "torch.rsqrt(a)", positive, { tolerance: 5e-6 }),
  unary("cbrt", lectern.cbrt, "a.sign() * a.abs() ** (1 / 3)", positive, { special: "np.cbrt(a)" }),
  unary("reciprocal", lectern.reciprocal, "torch.reciprocal(a)", positive),
  unary("exp", lectern.exp, "torch.exp(a)"),
  unary("expm1", lectern.expm1, "torch.expm1(a)"),
  unary("exp2", lectern.exp2, "torch.exp2(a)"),
  unary("log", lectern.log, "torch.log(a)", positive),
  unary("log1p", lectern.log1p, "torch.log1p(a)", positive),
  unary("log2", lectern.log2, "torch.log2(a)", positive),
  unary("log10", lectern.log10, "torch.log10(a)", positive),
  unary("sin", lectern.sin, "torch.sin(a)"),
  unary("cos", lectern.cos, "torch.cos(a)"),
  unary("tan", lectern.tan, "torch.tan(a)", { low: -1.25, high: 1.25 }),
  unary("asin", lectern.asin, "torch.asin(a)", inner),
  unary("acos", lectern.acos, "torch.acos(a)", inner),
  unary("atan", lectern.atan, "torch.atan(a)"),
  unary("sinh", lectern.sinh, "torch.sinh(a)"),
  unary("cosh", lectern.cosh, "torch.cosh(a)"),
  unary("tanh", lectern.tanh, "torch.tanh(a)"),
  unary("asinh", lectern.asinh, "torch.asinh(a)"),
  unary("acosh", lectern.acosh, "torch.acosh(a)", { low: 1.25, high: 5 }),
  unary("atanh", lectern.atanh, "torch.atanh(a)", inner),
  unary("erf", lectern.erf, "torch.erf(a)"),
  unary("erfc", lectern.erfc, "torch.erfc(a)"),
  unary("lgamma", lectern.lgamma, "torch.lgamma(a)", positive, { tolerance: 5e-6 }),
  // PyTorch's derivative of digamma is exact to 1e-10 only; at the poles everyone has an opinion of his own.
  unary("digamma", lectern.digamma, "sp.digamma(a)", positive, { special: false }),
  unary("sign", lectern.sign, "np.sign(a)", atZero, value),
  unary("floor", lectern.floor, "torch.floor(a)", {}, value),
  unary("ceil", lectern.ceil, "torch.ceil(a)", {}, value),
  unary("round", lectern.round, "torch.round(a)", {}, value),
  unary("trunc", lectern.trunc, "torch.trunc(a)", {}, value),
  unary("frac", lectern.frac, "torch.frac(a)", { kinks: [-2, -1, 0, 1, 2] }),
  unary("clip", (x) => lectern.clip(x, -1, 0.5), "torch.clamp(a, -1, 0.5)", { kinks: [-1, 0.5] }),
  unary("clip from below", (x) => lectern.clip(x, -1), "torch.clamp(a, min=-1)", { kinks: [-1] }),
  unary("clip from above", (x) => lectern.clip(x, undefined, 1), "torch.clamp(a, max=1)", { kinks: [1] }),
  unary(
    "nanToNum",
    (x) => lectern.nanToNum(x, { nan: 7, posInf: 8, negInf: 9 }),
    "torch.nan_to_num(a, 7, 8, 9)",
  ),
  unary("isNaN", lectern.isNaN, "torch.isnan(a)", {}, value),
  unary("isFinite", lectern.isFinite, "torch.isfinite(a)", {}, value),
  unary("isInf", lectern.isInf, "torch.isinf(a)", {}, value),
  unary("logicalNot", lectern.logicalNot, "torch.logical_not(a)", {}, value),
];
