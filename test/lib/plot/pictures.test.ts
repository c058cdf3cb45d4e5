// Pictures, grids of pictures, filters and feature maps.
import { describe, expect, test } from "vitest";
import { concatenate, conv2d, input, maxPool2d, model, random } from "../../../lib/index.ts";
import { featureMaps } from "../../../lib/plot/featureMaps.ts";
import { filters } from "../../../lib/plot/filters.ts";
import { type ShowOptions, show } from "../../../lib/plot/grid.ts";
import { colorPlanes, pixelNumbers, planeNumbers } from "../../../lib/plot/pixelNumbers.ts";
import { defaultColumns } from "../../../lib/plot/sheet.ts";
import { textWidth } from "../../../lib/plot/text.ts";
import type { Values } from "../../../lib/plot/values.ts";
import { bundleOf, fakeTensor, readPng } from "./read.ts";

const draw = async (images: Values, options?: ShowOptions) => readPng(await bundleOf(show(images, options)));
const MARGIN = 16;

describe("show", () => {
  test("draws a matrix as squares from black to white", async () => {
    const { width, height, channels, pixel, shown } = await draw([
      [0, 1],
      [0.5, 1],
    ]);
    expect(channels).toBe(1);
    expect([width, height]).toEqual([560 + 2 * MARGIN, 560 + 2 * MARGIN]);
    expect(shown).toEqual({ width: width / 2, height: height / 2 });
    expect(pixel(0, 0)).toEqual([255]);
    expect(pixel(MARGIN, MARGIN)).toEqual([0]);
    expect(pixel(MARGIN + 279, MARGIN + 279)).toEqual([0]);
    expect(pixel(MARGIN + 280, MARGIN)).toEqual([255]);
    expect(pixel(MARGIN, MARGIN + 280)).toEqual([128]);
  });

  test("takes a range, colours and bytes", async () => {
    expect((await draw([[0.5, 1]], { range: [0, 2] })).pixel(MARGIN, MARGIN)).toEqual([64]);
    expect((await draw([[-1, 0, 0.5]], { colormap: "diverging" })).pixel(300, 20)).toEqual([255, 255, 255]);
    const color = fakeTensor([1, 2, 3], (i) => [255, 0, 0, 0, 0, 255][i]);
    const { pixel } = await draw(color);
    expect([pixel(MARGIN, MARGIN), pixel(MARGIN + 500, MARGIN)]).toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
  });

  test("lays transparent pixels on white", async () => {
    const { pixel } = await draw(fakeTensor([1, 2, 4], (i) => [0, 0, 0, 0, 1, 0, 0, 1][i]));
    expect([pixel(MARGIN, MARGIN), pixel(MARGIN + 500, MARGIN)]).toEqual([
      [255, 255, 255],
      [255, 0, 0],
    ]);
  });

  test("arranges an odd number of pictures and leaves the rest white", async () => {
    const { width, height, pixel } = await draw(
      fakeTensor([7, 8, 8, 1], () => 0),
      { columns: 4 },
    );
    expect(pixel(MARGIN + 5, MARGIN + 5)).toEqual([0]);
    expect(pixel(width - MARGIN - 5, height - MARGIN - 5)).toEqual([255]);
    expect(pixel(width - MARGIN - 5, MARGIN + 5)).toEqual([0]);
  });

  test("draws NaN in magenta and says how many there are", async () => {
    const bundle = await bundleOf(show([[0, Number.NaN]]));
    expect(readPng(bundle).pixel(MARGIN + 300, MARGIN)).toEqual([255, 0, 220]);
    expect(bundle["text/plain"]).toBe("picture of 1 × 2 pixels, values from 0 to 0, 1 not finite");
  });

  test("draws constant pictures by their value", async () => {
    expect((await draw([[1, 1]])).pixel(MARGIN, MARGIN)).toEqual([255]);
    expect((await draw([[0, 0]])).pixel(MARGIN, MARGIN)).toEqual([0]);
    expect((await draw([[7, 7]])).pixel(MARGIN, MARGIN)).toEqual([0]);
  });

  test("gives each picture its own scale when asked", async () => {
    const two = fakeTensor([2, 1, 2], (i) => [0, 1, 0, 10][i]);
    const x = MARGIN + 398;
    expect((await draw(two, { columns: 1 })).pixel(x, MARGIN)[0]).toBe(26);
    expect((await draw(two, { columns: 1, range: "each" })).pixel(x, MARGIN)[0]).toBe(255);
  });

  test("takes a list of tensors, and titles as texts or numbers", async () => {
    const one = fakeTensor([4, 4], (i) => i);
    const plain = await draw([one, one]);
    const titled = await draw([one, one], { titles: [3, 4] });
    expect(titled.height).toBe(plain.height + 36);
    const strip = titled.data.slice(MARGIN * titled.width, (MARGIN + 30) * titled.width);
    expect(Math.min(...strip)).toBeLessThan(100);
    expect((await draw([one, one], { titles: ["a", "b"] })).bytes.equals(titled.bytes)).toBe(false);
  });

  test("shows the first hundred of many, and says so", async () => {
    const bundle = await bundleOf(show(fakeTensor([300, 4, 4], (i) => i)));
    expect(bundle["text/plain"]).toContain("300 pictures of 4 × 4 pixels");
    expect(bundle["text/plain"]).toContain("the first 100 shown");
  });

  test("makes large photographs smaller", async () => {
    const { width } = await draw(fakeTensor([20, 3000, 1], (i) => i));
    expect(width).toBeLessThan(1000);
  });

  test("gives the same bytes for the same numbers", async () => {
    const one = fakeTensor([3, 5, 5], (i) => Math.sin(i));
    const options: ShowOptions = { titles: ["a", "b", "c"], title: "three", colormap: "viridis" };
    expect((await draw(one, options)).bytes.equals((await draw(one, options)).bytes)).toBe(true);
  });

  test("explains shapes that are no pictures", () => {
    expect(() => show(fakeTensor([2, 5, 5, 7], () => 0))).toThrow(
      /show: expected \[n, h, w, c\].*got \[2, 5, 5, 7\].*7 channels/,
    );
    expect(() => show(fakeTensor([784], () => 0))).toThrow(/reshape to \[h, w\]/);
    expect(() => show(fakeTensor([0, 5, 5], () => 0))).toThrow(/nothing to show/);
    expect(() => show([[1, 2], [3]])).toThrow(/number 1 is \[1\]/);
    expect(() => show([[1, 2]], { titles: ["a", "b"] })).toThrow("show: 2 titles for 1 pictures");
    expect(() => show([[1, 2]], { columns: 0 })).toThrow(/columns/);
  });

  test("finds a number of columns that fills the rows", () => {
    expect([1, 2, 3, 5, 10, 25, 32, 64, 100].map(defaultColumns)).toEqual([1, 2, 3, 5, 5, 5, 8, 8, 10]);
  });
});

describe("numbers in pixels", () => {
  const color = [
    [
      [255, 0, 0],
      [0, 128, 0],
    ],
  ];

  test("make pixels as large as the numbers need", async () => {
    const widthOf = async (images: Values) =>
      readPng(await bundleOf(show(images, { numbers: true }))).shown.width;
    // few pixels are of 48
    expect(await widthOf([[0, 0.125]])).toBe(2 * 48 + MARGIN);
    const pixel = Math.ceil(textWidth("0.125", 11) + 6);
    expect(await widthOf([Array.from({ length: 16 }, (_, i) => i / 8)])).toBe(16 * pixel + MARGIN);
  });

  test("are drawn, and nothing else changes", async () => {
    const numbers = readPng(await bundleOf(show([[0, 1]], { numbers: true })));
    const colors = new Set(
      Array.from({ length: numbers.width }, (_, x) => numbers.pixel(x, numbers.height >> 1)[0]),
    );
    expect(colors.size).toBeGreaterThan(4);
    expect(await bundleOf(show([[0, 1]], { numbers: true }))).toEqual(
      await bundleOf(show([[0, 1]], { numbers: true })),
    );
  });

  test("planes of a colour picture have their colours and their channel's numbers", async () => {
    const planes = readPng(await bundleOf(show(color, { channels: true })));
    const middle = planes.height - 100;
    const hues = Array.from({ length: planes.width }, (_, x) => planes.pixel(x, middle).join());
    expect(hues).toContain("255,0,0");
    expect(hues).toContain("0,128,0");
    // the blue plane is black
    expect(hues.filter((hue) => /^0,0,[1-9]/.test(hue))).toEqual([]);
    const pictures = { count: 1, height: 1, width: 2, channels: 3, values: color.flat(2) };
    const numbers = planeNumbers(colorPlanes(pictures));
    expect([0, 1, 2, 3].map((plane) => numbers.lines(plane, 0, 1))).toEqual([[], ["0"], ["128"], ["0"]]);
    expect(pixelNumbers(pictures).lines(0, 0, 1)).toEqual(["0", "128", "0"]);
  });

  test("explain mistakes", () => {
    expect(() =>
      show(
        fakeTensor([2, 100], () => 0.125),
        { numbers: true },
      ),
    ).toThrow(/no room for numbers in 2 × 100 pixels/);
    expect(() =>
      show(
        fakeTensor([100, 2], () => 0.125),
        { numbers: true },
      ),
    ).toThrow(/no room for numbers/);
    expect(() => show([[1]], { channels: true })).toThrow(/this one has a single channel/);
  });
});

describe("filters", () => {
  test("draws one picture per filter with white for zero", async () => {
    const layer = { name: "conv", weights: [fakeTensor([1, 2, 1, 1], (i) => [-2, 0][i])] };
    const bundle = await bundleOf(filters(layer));
    expect(bundle["text/plain"]).toBe("conv: 1 filters of 1 × 2 on 1 channel, weights from -2 to 0");
    const { data, channels } = readPng(bundle);
    const colors = new Set<string>();
    for (let i = 0; i < data.length; i += channels)
      colors.add(Array.from(data.slice(i, i + channels)).join());
    expect(colors).toContain("5,48,97");
  });

  test("shows the first channels and filters of many", async () => {
    const layer = { name: "conv", weights: [fakeTensor([3, 3, 32, 64], (i) => Math.sin(i))] };
    const { width } = readPng(await bundleOf(filters(layer)));
    expect(width).toBeLessThan(2000);
  });

  test("explains layers without filters", () => {
    expect(() => filters({ name: "flatten", weights: [] })).toThrow(/filters: flatten has no weights yet/);
    expect(() => filters({ name: "dense", weights: [fakeTensor([3, 4], () => 0)] })).toThrow(
      /got \[3, 4\] from dense/,
    );
  });
});

describe("featureMaps", () => {
  const values = (shape: number[]) => fakeTensor(shape, (i) => Math.max(0, Math.sin(i)));

  test("names what comes out of each layer", async () => {
    const found = {
      conv2d: values([1, 6, 6, 70]),
      flatten: values([1, 2520]),
      dense: values([1, 10]),
    };
    const bundle = await bundleOf(
      featureMaps(
        { activations: () => found },
        fakeTensor([8, 8], (i) => i),
      ),
    );
    expect(String(bundle["text/plain"]).split("\n")).toEqual([
      "feature maps of a picture of 8 × 8 pixels",
      "  conv2d [6, 6, 70]",
      "  flatten [2520]",
      "  dense [10]",
    ]);
    expect(readPng(bundle).channels).toBe(3);
  });

  test("follows the paths of a functional model", async () => {
    const image = input([8, 8, 1]);
    const pool = maxPool2d(3, { strides: 1, padding: "same" })(image);
    const net = model(image, concatenate([conv2d(2, 3, { padding: "same" })(image), pool]));
    const bundle = await bundleOf(featureMaps(net, random.uniform([8, 8])));
    expect(String(bundle["text/plain"]).split("\n").slice(1)).toEqual([
      "  maxPool2d_1 [8, 8, 1]",
      "  conv2d_1 [8, 8, 2]",
      "  concatenate_1 [8, 8, 3]",
    ]);
  });

  test("takes one picture only", () => {
    expect(() =>
      featureMaps(
        { activations: () => ({}) },
        fakeTensor([2, 8, 8, 1], () => 0),
      ),
    ).toThrow(/expected one picture, got 2/);
  });
});
