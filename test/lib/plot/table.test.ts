// Tensors as HTML tables.
import { describe, expect, test } from "vitest";
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
