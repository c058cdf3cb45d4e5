// Animations, and the ready-made ones of convolution and pooling.
import { describe, expect, test } from "vitest";
import { DISPLAY, type MimeBundle } from "../../../lib/plot/bundle.ts";
import { plot } from "../../../lib/plot/plot.ts";
import { shareElements } from "../../../lib/plot/shared.ts";
import { bundleOf, expectSafeHtml, expectText, readPng, svgsOf } from "./read.ts";

const { animation, convolution, matrix, pooling } = plot;

const textOf = async (value: { [DISPLAY](): MimeBundle | Promise<MimeBundle> }) =>
  expectText(await value[DISPLAY]());

describe("plot.animation", () => {
  const frames = [1, 2, 3].map((value) => matrix([[value, 0, 0, 0]]));

  test("is one moving image, a still one for those who want no motion, and a strip of all frames", async () => {
    const film = animation(frames, { fps: 4, hold: 0.25, title: "count", alt: "1, then 2, then 3" });
    const bundle = await bundleOf(film);
    const html = String(bundle["text/html"]);
    expectSafeHtml(html);
    expect(html).toMatch(
      /<source media="\(prefers-reduced-motion: reduce\)" srcset="data:image\/svg\+xml[^ "]*">/,
    );
    const [moving, strip] = svgsOf(html);
    expect(moving.svg).toContain("animation:f 1s step-end infinite");
    expect(moving.svg).toContain("@keyframes f{0%{visibility:visible}25%{visibility:hidden}}");
    expect(moving.svg).toContain("@keyframes l{0%{visibility:visible}50%{visibility:hidden}}");
    expect([...moving.svg.matchAll(/animation-delay:([\d.]+)s/g)].map(([, at]) => at)).toEqual([
      "0",
      "0.25",
      "0.5",
    ]);
    expect(strip.texts.filter((text) => text.includes("of"))).toEqual(["1 of 3", "2 of 3", "3 of 3"]);
    expect(strip.width).toBeGreaterThan(3 * moving.width);
    expect(html).not.toMatch(/<script|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
    expect(expectText(bundle)).toBe("count: animation of 3 frames, 0.75 s\n1, then 2, then 3");
    expect(html).toContain('alt="count: animation of 3 frames, 0.75 s\n1, then 2, then 3"');
    expect(readPng(bundle).shown.width).toBe(moving.width);
  });

  test("takes a function, a duration, charts, and gives single frames", async () => {
    const film = animation((i) => plot.line({ y: [0, i] }), { frames: 3, seconds: 6 });
    expect(film.length).toBe(3);
    expect(await textOf(film)).toMatch(/^Animation: animation of 3 frames, 6 s\nline chart: .* y 0 to 2$/);
    expect(await textOf(film.frame(1))).toMatch(/ y 0 to 1$/);
    expect(await textOf(film.frame(-1))).toMatch(/ y 0 to 2$/);
    expect(await textOf(plot.row([film, "end"]))).toMatch(/ y 0 to 2\nend$/);
  });

  test("writes once what stands still", async () => {
    const size = async (count: number) => {
      const film = animation((i) => plot.line({ y: [0, 1, i / 9] }), { frames: count });
      return String((await bundleOf(film))["text/html"]).length;
    };
    const [two, twelve] = [await size(2), await size(12)];
    expect(twelve - two).toBeLessThan(two);
  });

  test("of wide pictures is scrolled on narrow pages", async () => {
    const wide = matrix([Array.from({ length: 30 }, (_, i) => i * 100)]);
    const html = String((await bundleOf(animation([wide])))["text/html"]);
    expectSafeHtml(html);
    const [{ width }] = svgsOf(html);
    expect(html).toContain(`style="max-width: 100%; height: auto; min-width: ${Math.round(width * 0.7)}px"`);
  });

  test("gives the same bytes again", async () => {
    const make = () =>
      bundleOf(animation((i) => plot.row([plot.line({ y: [i, 1] }), matrix([[i]])]), { frames: 3 }));
    expect(await make()).toEqual(await make());
  });

  test("explains mistakes", () => {
    expect(() => animation([])).toThrow(/number of frames must be from 1 to 200, got 0/);
    expect(() => animation((i) => matrix([[i]]))).toThrow(/say how many frames/);
    expect(() => animation((i) => matrix([[i]]), { frames: 1.5 })).toThrow(/got 1.5/);
    expect(() => animation([3] as never)).toThrow("plot.animation: frame 0 is no picture");
    expect(() => animation(frames, { fps: 0 })).toThrow(/fps and seconds must be numbers above 0/);
    expect(() => animation(frames, { seconds: Number.NaN })).toThrow(/fps and seconds/);
    expect(() => animation(frames, { hold: -1 })).toThrow(/hold must be 0 or more, got -1/);
    expect(() => animation(frames).frame(3)).toThrow("animation: there is no frame 3, the frames are 0 to 2");
  });
});

describe("shared elements", () => {
  const long = `<path d="${"M0,0".repeat(20)}"/>`;

  test("are written once, the outermost ones", () => {
    const { definitions, drawings } = shareElements([
      `<g><g fill="red">${long}</g></g>${long}`,
      `<g fill="red">${long}</g>`,
    ]);
    expect(definitions).toBe(`<defs><g id="s0"><g fill="red">${long}</g></g><g id="s1">${long}</g></defs>`);
    expect(drawings).toEqual(['<g><use href="#s0"/></g><use href="#s1"/>', '<use href="#s0"/>']);
  });

  test("with names stand outside of the drawings, equal ones once", () => {
    const clip = (size: number) =>
      `<defs><clipPath id="c"><rect width="${size}"/></clipPath></defs><g clip-path="url(#c)"/>`;
    const { definitions, drawings } = shareElements([clip(1), clip(2), clip(1)]);
    // outside of the frames: what is hidden clips everything away
    expect(definitions).toBe(
      '<defs><clipPath id="n0"><rect width="1"/></clipPath><clipPath id="n1"><rect width="2"/></clipPath></defs>',
    );
    expect(drawings).toEqual([0, 1, 0].map((name) => `<g clip-path="url(#n${name})"/>`));
  });
});

describe("plot.convolution", () => {
  const image = [
    [1, 1, 1, 0, 0],
    [0, 1, 1, 1, 0],
    [0, 0, 1, 1, 1],
    [0, 0, 1, 1, 0],
    [0, 1, 1, 0, 0],
  ];
  const kernel = [
    [1, 0, 1],
    [0, 1, 0],
    [1, 0, 1],
  ];

  test("slides the kernel and fills the feature map", async () => {
    const film = convolution(image, kernel);
    expect(film.length).toBe(9);
    const step = await textOf(film.frame(1));
    expect(step).toContain("image: matrix of 5 × 5, marked: rows 0 to 2, columns 1 to 3");
    expect(step).toMatch(/feature map: matrix of 3 × 3, marked: row 0, column 1\n4 {2}3 {2}·\n· {2}· {2}·/);
    expect(step).toMatch(/1·1 \+ 0·1 \+ 1·0 \+ 0·1 \+ 1·1 \+ 0·1 \+ 1·0 \+ 0·1 \+ 1·1 = 3$/);
    expect(await textOf(film.frame(-1))).toMatch(/4 {2}3 {2}4\n2 {2}4 {2}3\n2 {2}3 {2}4/);
    expect(await textOf(film)).toMatch(
      /^A 3 × 3 kernel slides over the image: animation of 9 frames, 4.5 s\nA kernel of 3 × 3 slides over an image of 5 × 5; .*:\n4 3 4\n2 4 3\n2 3 4$/,
    );
    expect(await textOf(convolution(image, kernel, { alt: "my words" }))).toMatch(/\nmy words$/);
  });

  test("knows channels, bias, padding, strides and dilation", async () => {
    const planes = [image, image.map((row) => row.map((value) => -value))];
    const film = convolution(planes, [kernel, [...kernel].fill([2, 0, 0])], {
      dataFormat: "channelsFirst",
      channels: ["red", "second"],
      bias: 10,
    });
    // 4 from the first channel, −2·(1 + 0 + 0) from the second
    expect(await textOf(film.frame(0))).toMatch(/kernel, second.*4 \+ \(-2\) \+ 10 = 12$/s);
    const last = [[[1, 5]], [[2, 6]]];
    expect(await textOf(convolution(last, [[[10, 1]]]).frame(1))).toMatch(/20 \+ 6 = 26$/);
    const wide = convolution(
      image,
      [
        [1, 0],
        [0, 1],
      ],
      {
        padding: [
          [1, 0],
          [0, 2],
        ],
        strides: [2, 3],
        dilation: 2,
      },
    );
    expect(wide.length).toBe(2 * 2);
    expect(await textOf(wide.frame(3))).toMatch(/0·0 \+ 1·0 = |1·1 \+ 0·0 \+ 0·1 \+ 1·0 = 1$/);
  });

  test("takes padding as the convolution itself does", async () => {
    const sizes = async (options: Parameters<typeof convolution>[2]) => {
      const text = await textOf(
        convolution(
          image,
          [
            [1, 1],
            [1, 1],
          ],
          options,
        ).frame(0),
      );
      return [...text.matchAll(/matrix of (\d+ × \d+)/g)].map(([, size]) => size).filter((_, i) => i !== 1);
    };
    expect(await sizes({ padding: "valid" })).toEqual(["5 × 5", "4 × 4"]);
    expect(await sizes({ padding: "same" })).toEqual(["6 × 6", "5 × 5"]);
    expect(await sizes({ padding: "same", strides: 2, dilation: 2 })).toEqual(["7 × 7", "3 × 3"]);
    expect(await sizes({ padding: [0, 1] })).toEqual(["5 × 7", "4 × 6"]);
    expect(await sizes({ padding: [0, [0, 1]] })).toEqual(["5 × 6", "4 × 5"]);
    // of an odd number of cells the larger part stands behind
    const bottom = await textOf(
      convolution(
        image,
        [
          [1, 1],
          [1, 1],
        ],
        { padding: "same" },
      ).frame(24),
    );
    expect(bottom).toMatch(/1·0 \+ 1·0 \+ 1·0 \+ 1·0 = 0$/);
  });

  test("explains mistakes", () => {
    expect(() => convolution(image, kernel, { padding: "full" as "same" })).toThrow(
      /padding counts whole rows/,
    );
    expect(() => convolution(kernel, image)).toThrow(/a window of 5 × 5 does not fit into an image of 3 × 3/);
    expect(() => convolution([image, image], kernel, { dataFormat: "channelsFirst" })).toThrow(
      /the image has 2 channel\(s\), the kernel 1/,
    );
    expect(() => convolution(image, kernel, { strides: 0 })).toThrow(/whole numbers from 1/);
    expect(() => convolution(image, kernel, { padding: 0.5 })).toThrow(/padding counts whole rows/);
    expect(() => convolution([1, 2], kernel)).toThrow(
      /expected \[height, width\] or \[height, width, channels\], got \[2\]/,
    );
    expect(() => convolution(image, kernel, { channels: ["a", "b"] })).toThrow("2 names for 1 channels");
    const large = Array.from({ length: 30 }, () => new Array<number>(30).fill(1));
    expect(() => convolution(large, kernel)).toThrow(/28 × 28 steps are too many to look at, at most 150/);
  });
});

describe("plot.pooling", () => {
  const image = [
    [7, 3, 5, 2],
    [8, 7, 1, 6],
    [4, 9, 3, 9],
    [0, 8, 4, 5],
  ];

  test("takes the largest or the mean of each window", async () => {
    const film = pooling(image);
    expect(film.length).toBe(4);
    expect(await textOf(film.frame(-1))).toMatch(/8 {2}6\n9 {2}9\nmax\(3, 9, 4, 5\) = 9$/);
    expect(await textOf(film)).toMatch(
      /Each window of 2 × 2 in an image of 4 × 4 becomes its largest value:\n8 6\n9 9$/,
    );
    const mean = pooling(image, { kind: "average", strides: 1, size: [1, 2] });
    expect(mean.length).toBe(12);
    expect(await textOf(mean.frame(0))).toMatch(/mean\(7, 3\) = 5$/);
  });

  test("explains mistakes", () => {
    expect(() => pooling([image])).toThrow(/expected one channel \[height, width\], got \[1, 4, 4\]/);
    expect(() => pooling(image, { size: 5 })).toThrow(/does not fit/);
    expect(() => pooling(image, { kind: "min" as "max" })).toThrow(/kind is "max" or "average", got "min"/);
  });
});
