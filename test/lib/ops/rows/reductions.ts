// Rows of the table of operations: reductions.
import * as lectern from "../../../../lib/index.ts";
import { numbers, type Row, row } from "../row.ts";

const shapes = [numbers([2, 3, 4])];
const matrix = [numbers([5, 7])];

export const reductions: readonly Row[] = [
  row("sum", (x) => lectern.sum(x), "a.sum()", [shapes, [numbers([])], [numbers([0])], [numbers([33])]]),
  row("sum of axes 0 and 2", (x) => lectern.sum(x, [0, 2]), "a.sum((0, 2))", shapes),
  row("mean", (x) => lectern.mean(x, 1), "a.mean(1)", matrix),
  row("max", (x) => lectern.max(x, 1), "a.amax(1)", matrix, { derivatives: 1 }),
  row("min", (x) => lectern.min(x, 0), "a.amin(0)", matrix, { derivatives: 1 }),
  row("variance", (x) => lectern.variance(x, 1), "a.var(1, correction=0)", matrix),
  row("std, correction 1", (x) => lectern.std(x, 1, { correction: 1 }), "a.std(1, correction=1)", matrix),
];
