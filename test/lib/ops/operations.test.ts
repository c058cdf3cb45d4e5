// Every row of the table of operations: values, gradients, second derivatives, views, special values, broadcasting.
//
// Tolerances are relative to the largest number of a result (at least 1). The references are float64; in float32 one
// rounding is 6e-8, kernels are exact to 4 units and sums of some tens of products lose a digit: 2e-6. In float64 the
// fixtures have 15 digits: 1e-12. Differences are exact to about 1e-9: 1e-6 finds any mistake in a formula.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkGradients, concat, gradients, type Tensor, tensor, zeros } from "../../../lib/index.ts";
import { always, broadcasting, commonShape } from "./arbitraries.ts";
import { fill, generator, hash, type Row } from "./row.ts";
import { read, type Sample, samplesOf, specialSample, type Written, write } from "./samples.ts";
import { table } from "./table.ts";

interface Case {
  inputs: { shape: number[]; data: Written[] }[];
  shape: number[];
  result: Written[];
  gradients?: Written[][];
}

interface Fixture {
  name: string;
  cases: Case[];
  special?: Written[];
}

type Floating = "float32" | "float64";
const floating: readonly Floating[] = ["float32", "float64"];

function fixturesOf(family: string): Map<string, Fixture> {
  const file = new URL(`../../fixtures/operations/${family}.json`, import.meta.url);
  const found: Fixture[] = JSON.parse(readFileSync(file, "utf8"));
  return new Map(found.map((fixture) => [fixture.name, fixture]));
}

/** The fixture of a row, made for the inputs that the row has now. */
function fixtureOf(fixtures: Map<string, Fixture>, row: Row, family: string): Fixture {
  const fixture = fixtures.get(row.name);
  const inputs = samplesOf(row).map((list) =>
    list.map(({ shape, data }) => ({ shape, data: data.map(write) })),
  );
  const made = fixture?.cases.map((c) => c.inputs);
  expect(made, `out of date: python test/fixtures/operations/make.py ${family}`).toEqual(inputs);
  return fixture!;
}

function leaf({ shape, data }: Sample, dtype: Floating, learns = true): Tensor {
  const result = tensor(Float64Array.from(data), { shape, dtype });
  result.requiresGrad = learns;
  return result;
}

/** The same numbers as a view into the middle of something larger, turned around twice on the way. */
function asView(x: Tensor): Tensor {
  const apart = zeros([3], { dtype: x.dtype }).add(7);
  const around = concat([apart, x.reshape([x.size]), apart]);
  return around
    .slice(3, 3 + x.size)
    .reshape(x.shape)
    .transpose()
    .transpose();
}

function weighted(result: Tensor): Tensor {
  const weights = Float64Array.from({ length: result.size }, (_, i) => 1 + 0.5 * Math.sin(i + 1));
  return result
    .cast(result.dtype === "float64" ? "float64" : "float32")
    .mul(tensor(weights, { shape: result.shape, dtype: result.dtype === "float64" ? "float64" : "float32" }))
    .sum();
}

function expectClose(
  actual: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
  scaleOf?: (i: number) => number,
): void {
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((largest, v) => Math.max(largest, Math.abs(v)), 1);
  const wrong = expected.flatMap((wanted, i) => {
    const got = actual[i]!;
    const same = got === wanted || (Number.isNaN(got) && Number.isNaN(wanted));
    return same || Math.abs(got - wanted) <= tolerance * (scaleOf?.(i) ?? scale)
      ? []
      : [`${i}: ${got} instead of ${wanted}`];
  });
  expect(wrong).toEqual([]);
}

function toleranceOf(row: Row, dtype: Floating): number {
  return dtype === "float32" ? row.tolerance : row.tolerance64;
}

describe.each(Object.entries(table))("%s", (family, rows) => {
  const fixtures = fixturesOf(family);

  describe.each(rows)("$name", (row) => {
    test.each(floating)("values and gradients as the reference, %s", (dtype) => {
      for (const { inputs, shape, result: expected, gradients: slopes } of fixtureOf(fixtures, row, family)
        .cases) {
        const samples = inputs.map((x) => ({ shape: x.shape, data: x.data.map(read) }));
        const leaves = samples.map((sample) => leaf(sample, dtype, row.derivatives > 0));
        const result = row.call(...leaves);
        expect(result.shape).toEqual(shape);
        expectClose(result.data(), expected.map(read), toleranceOf(row, dtype));
        if (slopes === undefined || !result.requiresGrad) continue;
        expect(result.dtype).toBe(dtype);
        weighted(result).backward();
        leaves.forEach((x, i) => {
          const found = x.grad ?? zeros(x.shape, { dtype });
          expect([found.dtype, found.shape]).toEqual([dtype, x.shape]);
          expectClose(found.data(), slopes[i]!.map(read), toleranceOf(row, dtype));
        });
      }
    });

    test("the same of views", () => {
      for (const list of samplesOf(row)) {
        for (const dtype of floating) {
          const leaves = list.map((sample) => leaf(sample, dtype, row.derivatives > 0));
          const expected = row.call(...leaves);
          const found = row.call(...leaves.map(asView));
          expect(found.data()).toEqual(expected.data());
          expect(found.dtype).toBe(expected.dtype);
        }
      }
    });

    if (row.derivatives > 0)
      test("gradients as differences", () => {
        for (const list of samplesOf(row)) {
          const inputs = list.map((sample) => leaf(sample, "float64"));
          const check = checkGradients(row.call, inputs);
          expect(check.ok, JSON.stringify(check)).toBe(true);
        }
      });

    if (row.derivatives > 1)
      test("second derivatives as differences of gradients", () => {
        for (const list of samplesOf(row)) checkSecond(row, list);
      });

    if (row.special)
      test("special values as the reference", () => {
        const expected = fixtureOf(fixtures, row, family).special!.map(read);
        for (const dtype of floating) {
          const inputs = specialSample(row.inputs[0]!.length).map((sample) => leaf(sample, dtype, false));
          const rounded = dtype === "float32" ? expected.map(Math.fround) : expected;
          expectClose(row.call(...inputs).data(), rounded, toleranceOf(row, dtype), (i) =>
            Math.max(1, Number.isFinite(rounded[i]) ? Math.abs(rounded[i]!) : 1),
          );
        }
      });

    if (row.elementwise)
      test("any shapes that broadcast give the same as stretched ones", () => {
        const count = row.inputs[0]!.length;
        const property = fc.property(broadcasting(count), fc.nat(1000), (shapes, salt) => {
          const common = commonShape(shapes);
          const random = generator(hash(`${row.name} ${salt}`));
          const inputs = shapes.map((shape, i) =>
            leaf({ shape, data: fill({ ...row.inputs[0]![i]!, shape }, random) }, "float32"),
          );
          const result = row.call(...inputs);
          expect(result.shape).toEqual(common);
          // Flattened too: a value must not depend on its place or on the kernel that broadcasting takes.
          const stretched = inputs.map((x) => x.broadcastTo(common).reshape([result.size]));
          expect(row.call(...stretched).data()).toEqual(result.data());
          if (row.derivatives === 0) return;
          weighted(result).backward();
          for (const x of inputs) expect(x.grad?.shape ?? x.shape).toEqual(x.shape);
        });
        always(property, 12, hash(row.name));
      });
  });
});

/** H·u by two gradients, against the difference of gradients along u. */
function checkSecond(row: Row, list: readonly Sample[]): void {
  const directions = list.map(({ data }, k) => data.map((_, i) => Math.cos(3 * i + k)));
  const slopesAt = (step: number): number[][] => {
    const leaves = list.map(({ shape, data }, k) =>
      leaf({ shape, data: data.map((v, i) => v + step * directions[k]![i]!) }, "float64"),
    );
    return gradients(anchored(weighted(row.call(...leaves)), leaves), leaves).map((g) => [...g.data()]);
  };
  const leaves = list.map((sample) => leaf(sample, "float64"));
  const first = gradients(anchored(weighted(row.call(...leaves)), leaves), leaves, { createGraph: true });
  const along = first.map((g, k) =>
    g.mul(tensor(directions[k]!, { shape: g.shape, dtype: "float64" })).sum(),
  );
  const total = along.reduce((sum, part) => sum.add(part));
  const found = gradients(anchored(total, leaves), leaves);
  const step = 1e-5;
  const [above, below] = [slopesAt(step), slopesAt(-step)];
  found.forEach((h, k) => {
    const expected = above[k]!.map((v, i) => (v - below[k]![i]!) / (2 * step));
    expectClose(h.data(), expected, 1e-6);
  });
}

/** The scalar plus nothing of each leaf, so that there is a gradient also where it does not depend on one. */
function anchored(scalar: Tensor, leaves: readonly Tensor[]): Tensor {
  return leaves.reduce((sum, x) => sum.add(x.sum().mul(0)), scalar);
}
