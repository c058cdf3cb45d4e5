// Tensors as HTML tables.
import { describe, expect, test } from "vitest";
import { arange, type Tensor, tensor, zeros } from "../../../lib/index.ts";
import { tensorTable } from "../../../lib/plot/table.ts";
import { expectSafeHtml, expectText, fakeTensor } from "./read.ts";

function htmlOf(shape: number[], valueAt: (index: number) => number, dtype?: string): string {
  const bundle = tensorTable(fakeTensor(shape, valueAt, dtype));
  expectText(bundle);
  const html = String(bundle["text/html"]);
  expectSafeHtml(html);
  return html;
}

const cells = (html: string): string[] => [...html.matchAll(/<td>([^<]*)<\/td>/g)].map((match) => match[1]);

describe("tensorTable", () => {
  test("shows a matrix with row and column numbers", () => {
    const html = htmlOf([2, 3], (i) => i / 2);
    expect(cells(html)).toEqual(["0.0000", "0.5000", "1.0000", "1.5000", "2.0000", "2.5000"]);
    expect(html).toContain("<caption>shape\u00a0[2,\u00a03]\u00a0·\u00a0float32</caption>");
    expect(html.match(/<th>/g)).toHaveLength(1 + 3 + 2);
  });

  test("shows scalars and vectors", () => {
    expect(cells(htmlOf([], () => 3.5))).toEqual(["3.5000"]);
    expect(cells(htmlOf([3], (i) => i, "int32"))).toEqual(["0", "1", "2"]);
    expect(cells(htmlOf([2], (i) => i, "bool"))).toEqual(["false", "true"]);
  });

  test("writes values that are not numbers, and none that rounds to −0", () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e-9];
    expect(cells(htmlOf([4], (i) => values[i])).slice(0, 3)).toEqual(["NaN", "∞", "-∞"]);
    expect(cells(htmlOf([2], (i) => [-0.00001, 12][i]))).toEqual(["0.0000", "12.0000"]);
  });

  test("shows the ends of what is big, and stays small", () => {
    const html = htmlOf([1000, 5000], (i) => Math.floor(i / 5000));
    expect(html).toContain("<th>999</th>");
    expect(html).toContain("<th>4999</th>");
    expect(cells(html)).toContain("⋱");
    expect(html.length).toBeLessThan(5000);
  });

  test("stacks the slices of higher ranks and names them", () => {
    const html = htmlOf([2, 3, 2, 2], (i) => i);
    expect(html).toContain("[0, 0, :, :]");
    expect(html).toContain("[1, 2, :, :]");
    expect(cells(html).slice(-1)).toEqual(["23"]);
    expect(html).toContain("⋮");
  });

  test("says when there is nothing", () => {
    expect(htmlOf([0, 3], () => 0)).toContain("empty tensor");
  });
});

describe("real tensors", () => {
  test.each([0, 1, 2, 3, 4, 5, 6])(
    "of rank %i are tables with all their numbers, while these are few",
    (rank) => {
      const shape = [2, 1, 3, 1, 2, 2].slice(6 - rank);
      const size = shape.reduce((a, b) => a * b, 1);
      for (const dtype of ["float32", "float64", "int32", "uint8"] as const) {
        const bundle = tensorTable(arange(size, { dtype }).reshape(shape));
        expectText(bundle);
        const html = String(bundle["text/html"]);
        expectSafeHtml(html);
        expect(html).toContain(`shape\u00a0[${shape.join(",\u00a0")}]\u00a0·\u00a0${dtype}`);
        const shown = cells(html).filter((text) => /^\d+$/.test(text));
        // Four slices over the last two axes at most.
        const slices = rank < 3 ? 1 : size / 4;
        if (slices <= 4) expect(shown.map(Number)).toEqual([...arange(size).data()]);
        else expect(shown.slice(-1)).toEqual([String(size - 1)]);
      }
    },
  );

  test("are cut to a page whatever their size and rank", () => {
    for (const shape of [
      [100_000],
      [1, 100_000],
      [100_000, 1],
      [300, 300],
      [9, 9, 9, 9],
      [5, 5, 5, 5, 5, 5],
    ]) {
      const bundle = tensorTable(zeros(shape));
      expect(String(bundle["text/html"]).length).toBeLessThan(20_000);
      expect(String(bundle["text/plain"]).length).toBeLessThan(20_000);
    }
  });

  test("without elements say so, at any rank", () => {
    for (const shape of [[0], [0, 3], [3, 0], [2, 0, 3], [1, 1, 1, 1, 1, 0]]) {
      const html = String(tensorTable(zeros(shape, { dtype: "int32" }))["text/html"]);
      expect(html).toContain("empty tensor");
      expect(html).toContain("int32");
    }
  });

  test("of truth values and of what is no number", () => {
    expect(cells(String(tensorTable(tensor([[true], [false]]))["text/html"]))).toEqual(["true", "false"]);
    const html = String(tensorTable(tensor([Number.NaN, Infinity, 1.5]))["text/html"]);
    expect(cells(html)).toEqual(["NaN", "∞", "1.5000"]);
  });
});

test("a tensor has the same digits in its table and in its text", async () => {
  const bundleOf = (x: Tensor) =>
    (x as unknown as Record<symbol, () => Promise<Record<string, string>>>)[Symbol.for("Jupyter.display")]!();
  const rows = [
    [0, 0.25, 0.5],
    [1.5, -1000.125, 2e5],
    [1e-8, 1, 1e8],
    [Number.NaN, Infinity, -1.5],
    [0.1, 0.2, 3],
  ];
  for (const dtype of ["float32", "float64"] as const) {
    for (const row of rows) {
      const { "text/html": html, "text/plain": plain } = await bundleOf(tensor(row, { dtype }));
      const inside = /\[(.*)\]/.exec(plain!)![1]!;
      expect(cells(html!)).toEqual(inside.split(",").map((text) => text.trim()));
    }
  }
  const { "text/html": html } = await bundleOf(arange(90_000).div(4).reshape([300, 300]));
  expect(cells(html!)[1]).toBe("0.25");
  expect(cells(html!).at(-1)).toBe("22499.75");
});

test("showing a tensor copies none of its numbers but those in the table", async () => {
  const large = arange(1e6).reshape([1000, 1000]);
  large.data = () => {
    throw new Error("all numbers were copied");
  };
  const show = (large as unknown as Record<symbol, () => Promise<Record<string, string>>>)[
    Symbol.for("Jupyter.display")
  ]!;
  const { "text/html": html, "text/plain": plain } = await show.call(large);
  expect(html).toContain("<td>999999</td>");
  expect(plain).toContain("999999]])");
});
