// Rows of the table of operations: functions of two numbers.
import * as lectern from "../../../../lib/index.ts";
import { binary, type Row, unary } from "../row.ts";

const any = {};
// So that the two are never equal: there the larger changes sides.
const whole = { whole: true };
const offWhole = { kinks: [-2, -1, 0, 1, 2] };
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
  binary("greater", lectern.greater, "a > b", [any, any], { derivatives: 0 }),
  binary("greaterEqual", lectern.greaterEqual, "a >= b", [any, any], { derivatives: 0 }),
  binary("less", lectern.less, "a < b", [any, any], { derivatives: 0 }),
  binary("lessEqual", lectern.lessEqual, "a <= b", [any, any], { derivatives: 0 }),
  binary("equal", lectern.equal, "a == b", [any, any], { derivatives: 0 }),
  binary("notEqual", lectern.notEqual, "a != b", [any, any], { derivatives: 0 }),
];
