// Rows of the table of operations: functions of two numbers.
import * as lectern from "../../../../lib/index.ts";
import { binary, numbers, type Row, row, unary } from "../row.ts";

const any = {};
// So that the two are never equal: there the larger changes sides.
const whole = { whole: true };
const offWhole = { kinks: [-2, -1, 0, 1, 2] };
const value = { derivatives: 0 } as const;
// Quotients of whole and a half by 2 to 4 stay off the whole numbers, where remainders jump.
const between = { low: 4.25, high: 5.75, kinks: [4, 5, 6] };
const divisors = { low: 3, high: 3.5 };
const apart = { low: 0.5, high: 2 };

export const arithmetic: readonly Row[] = [
  binary("add", lectern.add, "a + b"),
  binary("sub", lectern.sub, "a - b"),
  binary("mul", lectern.mul, "a * b"),
  binary("div", lectern.div, "a / b", [any, apart]),
  binary("pow", lectern.pow, "a ** b", [apart, any]),
  unary("pow 3", (x) => lectern.pow(x, 3), "a ** 3"),
  unary("2 pow", (x) => lectern.pow(2, x), "2 ** a"),
  binary("maximum", lectern.maximum, "torch.maximum(a, b)", [offWhole, whole]),
  binary("minimum", lectern.minimum, "torch.minimum(a, b)", [offWhole, whole]),
  binary("fmax", lectern.fmax, "torch.fmax(a, b)", [offWhole, whole]),
  binary("fmin", lectern.fmin, "torch.fmin(a, b)", [offWhole, whole]),
  binary("mod", lectern.mod, "torch.remainder(a, b)", [between, divisors], { special: "np.mod(a, b)" }),
  binary("fmod", lectern.fmod, "torch.fmod(a, b)", [between, divisors], { special: "np.fmod(a, b)" }),
  binary("floorDivide", lectern.floorDivide, "np.floor_divide(a, b)", [any, apart], value),
  binary("atan2", lectern.atan2, "torch.atan2(a, b)", [any, apart]),
  binary("hypot", lectern.hypot, "torch.hypot(a, b)", [any, apart]),
  binary("logAddExp", lectern.logAddExp, "torch.logaddexp(a, b)", [any, any], {
    special: "np.logaddexp(a, b)",
  }),
  binary("logicalAnd", lectern.logicalAnd, "torch.logical_and(a, b)", [any, any], value),
  binary("logicalOr", lectern.logicalOr, "torch.logical_or(a, b)", [any, any], value),
  binary("logicalXor", lectern.logicalXor, "torch.logical_xor(a, b)", [any, any], value),
  unary(
    "atan2 of a number",
    (x) => lectern.atan2(0.3, x),
    "torch.atan2(torch.tensor(0.3, dtype=torch.float64), a)",
    apart,
  ),
  unary("pow 1/3", (x) => lectern.pow(x, 1 / 3), "a ** (1 / 3)", apart),
  row("lerp", lectern.lerp, "torch.lerp(a, b, c)", [numbers([3, 1]), numbers([4]), numbers([3, 4])]),
  row(
    "where",
    (a, b) => lectern.where(lectern.tensor([[true], [false], [true]]), a, b),
    "torch.where(torch.tensor([[True], [False], [True]]), a, b)",
    [numbers([4]), numbers([3, 4])],
  ),
  binary("greater", lectern.greater, "a > b", [any, any], value),
  binary("greaterEqual", lectern.greaterEqual, "a >= b", [any, any], value),
  binary("less", lectern.less, "a < b", [any, any], value),
  binary("lessEqual", lectern.lessEqual, "a <= b", [any, any], value),
  binary("equal", lectern.equal, "a == b", [any, any], value),
  binary("notEqual", lectern.notEqual, "a != b", [any, any], value),
];
