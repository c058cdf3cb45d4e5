// Tables of numbers with marked windows, and pictures side by side.
import { describe, expect, test } from "vitest";
import { DISPLAY, type Displayable } from "../../../lib/plot/bundle.ts";
import { tableNumbers } from "../../../lib/plot/number.ts";
import { plot } from "../../../lib/plot/plot.ts";
import { bundleOf, expectSafeHtml, expectText, fakeTensor, readPng, svgsOf } from "./read.ts";

const image = [
  [1, 0, 2],
  [3, 1, 0],
  [0, 2, 5],
];
const { matrix, row } = plot;

describe("plot.matrix", () => {
  test("shows an image with alternative text and size, a PNG, and the numbers as text", async () => {
    const bundle = await bundleOf(
      matrix(
        fakeTensor([2, 2], (i) => i / 2),
        { title: "halves <1" },
      ),
    );
    const html = String(bundle["text/html"]);
    expectSafeHtml(html);
    expect(html).toMatch(
      /alt="halves &#60;1: matrix of 2 × 2\n0\.0 {2}0\.5\n1\.0 {2}1\.5" width="\d+" height="\d+"/,
    );
    const [{ texts, width }] = svgsOf(html);
    expect(texts).toEqual(["halves <1", "0.0", "0.5", "1.0", "1.5"]);
    expect(readPng(bundle).shown.width).toBe(width);
    expect(expectText(bundle)).toBe("halves <1: matrix of 2 × 2\n0.0  0.5\n1.0  1.5");
  });

  test("marks windows and writes the kernel's weights into them", async () => {
    const weights = [
      [1, 0],
      [-1, 0.5],
    ];
    const bundle = await bundleOf(
      matrix(image, { highlight: { row: 1, column: 1, weights, color: "#112233" } }),
    );
    const [{ svg, texts }] = svgsOf(String(bundle["text/html"]));
    expect(texts.filter((text) => text.startsWith("×"))).toEqual(["×1.0", "×0.0", "×-1.0", "×0.5"]);
    expect(svg.match(/stroke="#112233"/g)).toHaveLength(1);
    expect(expectText(bundle)).toContain("matrix of 3 × 3, marked: rows 1 to 2, columns 1 to 2\n");
  });

  test("outlines every cell of a dilated window", async () => {
    const highlight = { row: 0, column: 0, height: 2, width: 2, dilation: 2 } as const;
    const [{ svg }] = svgsOf(String((await bundleOf(matrix(image, { highlight })))["text/html"]));
    expect(svg.match(/stroke-width="2.5"/g)).toHaveLength(4);
  });

  test("adds padding, leaves cells empty, names rows and columns", async () => {
    const bundle = await bundleOf(
      matrix([[7]], {
        padding: [
          [1, 0],
          [0, 1],
        ],
        filled: 3,
        rowLabels: ["r", "s"],
        columnLabels: [1, 2],
      }),
    );
    expect(expectText(bundle)).toBe("matrix of 2 × 2\n   1  2\nr  0  0\ns  7  ·");
  });

  test("colours cells by value; numbers stay readable", async () => {
    const bundle = await bundleOf(matrix([[0, 1]], { colormap: "gray" }));
    const [{ svg }] = svgsOf(String(bundle["text/html"]));
    expect(svg).toMatch(/fill=.#000000.*fill=.#ffffff/);
    expect(svg).toMatch(/fill=.#ffffff.>0<.*fill=.#000000.>1</);
  });

  test("writes what is not finite", async () => {
    expect(expectText(await bundleOf(matrix([[Number.NaN, Number.NEGATIVE_INFINITY, -0]])))).toContain(
      "NaN  -∞  0",
    );
  });

  test("gives the same bytes again", async () => {
    const make = () => bundleOf(matrix(image, { highlight: { row: 0, column: 0 }, colormap: "viridis" }));
    expect(await make()).toEqual(await make());
  });

  test("explains mistakes", () => {
    const outside =
      /^plot\.matrix: the window of 2 × 2 at row 2, column 0 does not lie inside the 3 × 3 matrix$/;
    expect(() => matrix(image, { highlight: { row: 2, column: 0, height: 2, width: 2 } })).toThrow(outside);
    expect(() => matrix(image, { highlight: { row: 0.5, column: 0 } })).toThrow(/does not lie inside/);
    expect(() => matrix(image, { highlight: { row: Number.NaN, column: 0 } })).toThrow(/does not lie inside/);
    expect(() => matrix(image, { highlight: { row: -1, column: 0 } })).toThrow(/does not lie inside/);
    expect(() => matrix(image, { highlight: { row: 0, column: 0, width: 2, weights: [[1]] } })).toThrow(
      "plot.matrix: weights [1, 1] in a window [1, 2]",
    );
    expect(() => matrix(image, { highlight: { row: 0, column: 0, color: "pink" as "red" } })).toThrow(
      /no colour "pink"/,
    );
    expect(() => matrix([])).toThrow(/nothing to show, the shape is \[1, 0\]/);
    expect(() => matrix([[image]])).toThrow(
      /expected a matrix \[rows, columns\], got \[1, 1, 3, 3\] — choose one/,
    );
    expect(() => matrix(fakeTensor([1, 41], () => 0))).toThrow(/1 × 41 numbers cannot be read/);
    expect(() => matrix(image, { rowLabels: ["a"] })).toThrow("plot.matrix: 1 names for 3 rows");
    expect(() => matrix(image, { filled: 10 })).toThrow(/filled must be a whole number from 0 to 9, got 10/);
    expect(() => matrix(image, { padding: -1 })).toThrow(/padding counts whole rows and columns, got -1/);
  });
});

test("numbers of a table have the decimals they need", () => {
  const write = (values: number[], decimals?: number) => values.map(tableNumbers(values, decimals));
  expect(write([1, -2])).toEqual(["1", "-2"]);
  expect(write([0.25, 1])).toEqual(["0.25", "1.00"]);
  expect(write([Math.fround(0.1), 1])).toEqual(["0.1", "1.0"]);
  expect(write([1 / 3, -0.0001])).toEqual(["0.333", "0.000"]);
  expect(write([1 / 3], 1)).toEqual(["0.3"]);
  expect(write([1e-4, 2e-4])).toEqual(["1e-4", "2e-4"]);
});

describe("plot.row", () => {
  test("shows each part as an image, with the symbols between them", async () => {
    const bundle = await bundleOf(row([matrix([[1]]), "<", matrix([[2]])], { title: "a row" }));
    const html = String(bundle["text/html"]);
    expectSafeHtml(html);
    expect(svgsOf(html).map(({ texts }) => texts)).toEqual([["1"], ["2"]]);
    expect(html).toMatch(/>&#60;<\/span>/);
    expect(expectText(bundle)).toBe("a row\nmatrix of 1 × 1\n1\n<\nmatrix of 1 × 1\n2");
    expect(readPng(bundle).shown.width).toBeGreaterThan(2 * svgsOf(html)[0].width);
  });

  test("makes charts narrower, so that they have room beside each other", async () => {
    const charts = [plot.line({ series: { a: [1, 2], b: [2, 1] } }), plot.bar({ y: [1, 2] })];
    const bundle = await bundleOf(row(charts));
    const html = String(bundle["text/html"]);
    expectSafeHtml(html);
    const images = svgsOf(html);
    expect(images).toHaveLength(2);
    expect(images[0].width + images[1].width).toBeLessThan(816);
    expect(images[0].texts.slice(-2)).toEqual(["a", "b"]);
    for (const { svg } of images) expect(svg).not.toMatch(/[dm]="[^"]*\d\.\d{2,}/);
  });

  test("takes whatever shows a picture", async () => {
    const html = "<b>no picture</b>";
    const table: Displayable = { [DISPLAY]: () => ({ "text/html": html, "text/plain": "words" }) };
    await expect(bundleOf(row([table]))).rejects.toThrow("plot.row: this value shows no picture: words");
    const { chartBundle } = await import("../../../lib/plot/chart.ts");
    const spec = {
      data: { values: [{ a: 1 }] },
      mark: "bar",
      encoding: { x: { field: "a", type: "quantitative" } },
    };
    const curve: Displayable = { [DISPLAY]: () => chartBundle(spec, "a bar") };
    const bundle = await bundleOf(row([curve, matrix([[1]])]));
    expect(expectText(bundle)).toBe("a bar\nmatrix of 1 × 1\n1");
  });

  test("explains mistakes", () => {
    expect(() => row([])).toThrow(/give a list of pictures and texts/);
    expect(() => row([[1, 2]] as never)).toThrow(
      /item 0 is neither a picture nor a text — numbers are drawn by/,
    );
    expect(() => row(["=", null] as never)).toThrow(/item 1 is neither/);
  });
});
