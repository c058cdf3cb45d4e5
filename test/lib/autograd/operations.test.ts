// Every operation of the table under what autograd offers: watched by traceNaN, in forward mode, in a captured graph.
import { describe, expect, test } from "vitest";
import { asOperation, capture, gradients, jvp, type Tensor, tensor, traceNaN } from "../../../lib/index.ts";
import type { Row } from "../ops/row.ts";
import { samplesOf } from "../ops/samples.ts";
import { table } from "../ops/table.ts";

function inputsOf(row: Row, list: number): Tensor[] {
  return samplesOf(row)[list]!.map(({ shape, data }) =>
    tensor(Float64Array.from(data), { shape, dtype: "float64" }),
  );
}

describe.each(Object.entries(table))("%s", (_, rows) => {
  test.each(rows)("$name: traced, with its backward pass, it is what it is", (row) => {
    const compute = (trace: boolean): (number | string)[][] => {
      const inputs = inputsOf(row, 0);
      if (row.derivatives > 0) for (const input of inputs) input.requiresGrad = true;
      const run = () => {
        const result = row.call(...inputs);
        return row.derivatives > 0 ? [result, ...gradients(result.square().sum(), inputs)] : [result];
      };
      const found = trace ? traceNaN(run) : run();
      return found.map((x) => [String(x.dtype), ...x.data()]);
    };
    const plain = compute(false);
    if (plain.flat().includes(Number.NaN)) expect(() => compute(true)).toThrow(/traceNaN/);
    else expect(compute(true)).toEqual(plain);
  });

  const smooth = rows.filter((row) => row.derivatives === 2);
  test.each(smooth)("$name: jvp is the change in that direction", (row) => {
    const inputs = inputsOf(row, 0);
    const [x, ...rest] = inputs as [Tensor, ...Tensor[]];
    const fn = (v: Tensor) => row.call(v, ...rest);
    const direction = tensor(
      Float64Array.from({ length: x.size }, (_, i) => Math.cos(i)),
      { shape: x.shape },
    );
    const [value, product] = jvp(fn, x, direction);
    expect(value.data().every(Number.isFinite)).toBe(true);
    const h = 1e-5;
    const difference = fn(x.add(direction.mul(h)))
      .sub(fn(x.sub(direction.mul(h))))
      .div(2 * h)
      .data();
    const found = product.data();
    const scale = Math.max(1, ...found.map(Math.abs));
    difference.forEach((d: number, i: number) => {
      expect(Math.abs(found[i]! - d) / scale).toBeLessThan(1e-6);
    });
  });

  test.each(rows)("$name: as an operation of a captured graph", (row) => {
    const inputs = inputsOf(row, 0);
    const captured = capture(asOperation(row.call));
    expect(captured(...inputs).data()).toEqual(row.call(...inputs).data());
    expect(captured.graph!.operations).toBe(1);
  });
});
