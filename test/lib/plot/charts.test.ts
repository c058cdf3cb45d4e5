// Charts: their specifications, pictures and texts.

import { compile, type TopLevelSpec } from "vega-lite";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Displayable } from "../../../lib/plot/bundle.ts";
import { confusionMatrixBundle } from "../../../lib/plot/confusion.ts";
import { historyBundle, learningCurves, readMeasures, words } from "../../../lib/plot/history.ts";
import { plot } from "../../../lib/plot/plot.ts";
import { precisionRecallChart } from "../../../lib/plot/precisionRecall.ts";
import { rocCurveBundle } from "../../../lib/plot/roc.ts";
import { fitText, textWidth } from "../../../lib/plot/text.ts";
import { INK } from "../../../lib/plot/theme.ts";
import { bundleOf, expectSafeHtml, expectText, readPng } from "./read.ts";

/** A panel of a chart, as far as the tests look into it. */
interface Panel {
  layer: { encoding: { y: { scale: { domain: number[] } } } }[];
}

const MIME = "application/vnd.vegalite.v5+json";
const x = [-2, -1, 0, 1, 2];
const roc = { fpr: [0, 0.5, 1], tpr: [0, 0.9, 1], auc: 0.7, positive: "cat" };
const logs = { loss: [1, 0.5], accuracy: [0.6, 0.8], valLoss: [1.1, 0.7], val_accuracy: [0.5, 0.7] };

const charts: Record<string, () => Displayable> = {
  line: () => plot.line({ x, y: x.map(Math.tanh), title: "tanh" }),
  "several lines": () =>
    plot.line({ x, series: { tanh: x.map(Math.tanh), exp: x.map(Math.exp) }, xLabel: "z" }),
  "line with a gap": () => plot.line({ y: [1, Number.NaN, 3] }),
  "lines with rules, points and ranges": () =>
    plot.line({
      x,
      y: x,
      rules: [{ x: 0 }, { y: 1, label: "one" }],
      points: [{ x: 1, y: 1, label: "p" }],
      xRange: [-1, 1],
      step: true,
    }),
  area: () =>
    plot.area({ x, series: { a: x, b: [1, 2, 3, 2, 1] }, shade: [{ series: "b", from: 0, label: "half" }] }),
  density: () => plot.density({ density: (at) => Math.exp(-at * at), xRange: [-2, 2], shade: { to: 0 } }),
  "precision-recall curve": () =>
    precisionRecallChart({
      precision: [0.5, 0.6, 1, 1],
      recall: [1, 0.8, 0.4, 0],
      averagePrecision: 0.7,
      prevalence: 0.5,
    }),
  "bars with values": () => plot.bar({ y: [1, 1000], yScale: "log", values: true }),
  "scatter with a point": () =>
    plot.scatter({ x, y: x, points: [{ x: 0, y: 0, label: "mean" }], xScale: "log" }),
  scatter: () => plot.scatter({ x, y: x, line: { x: [-2, 2], y: [0, 1] } }),
  "scatter of classes": () => plot.scatter({ x, y: x, color: ["a", "b", "a", "b", "c"] }),
  "scatter with a scale": () => plot.scatter({ x, y: x, color: [0.1, 0.2, 0.3, 0.4, 0.5], colorLabel: "p" }),
  "scatter series": () => plot.scatter({ series: { a: { x: [1], y: [2] }, b: { x: [3, 4], y: [5, 6] } } }),
  bar: () => plot.bar({ x: ["a", "b"], y: [1, 2], yLabel: "count" }),
  "grouped bar": () => plot.bar({ x: ["a", "b"], series: { one: [1, 2], two: [3, 4] } }),
  histogram: () => plot.histogram({ values: Float32Array.from([1, 2, 2, 3]), bins: 4 }),
  "two histograms": () => plot.histogram({ series: { a: [1, 2], b: [2, 3] } }),
  heatmap: () =>
    plot.heatmap({
      z: [
        [1, -1],
        [0.5, 0],
      ],
      x: ["a", "b"],
      y: ["a", "b"],
      colormap: "diverging",
    }),
  "large heatmap": () => plot.heatmap({ z: Array.from({ length: 50 }, (_, i) => x.map((v) => v * i)) }),
  "learning curves": () => learningCurves({ history: logs }),
};

afterEach(() => {
  vi.restoreAllMocks();
});

function warningsOf(spec: TopLevelSpec): string[] {
  const warnings: string[] = [];
  const note = (...parts: unknown[]) => {
    warnings.push(parts.join(" "));
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  compile(spec, { logger: logger as never });
  return warnings;
}

describe.each(Object.entries(charts))("%s", (_name, make) => {
  test("has a valid specification, a PNG on white and a text", async () => {
    const bundle = await bundleOf(make());
    expect(warningsOf(bundle[MIME] as TopLevelSpec)).toEqual([]);
    expect(bundle[MIME]).toMatchObject({
      config: { background: "transparent", axis: { labelColor: INK }, legend: { labelColor: INK } },
    });
    const { width, pixel, shown } = readPng(bundle);
    expect(Math.round(width / 2)).toBe(shown.width);
    expect(pixel(0, 0).slice(0, 3)).toEqual([255, 255, 255]);
  });

  test("gives the same bytes again", async () => {
    const [first, second] = [await bundleOf(make()), await bundleOf(make())];
    expect(first["image/png"]).toBe(second["image/png"]);
    expect(first[MIME]).toEqual(second[MIME]);
  });
});

describe("charts", () => {
  test("say in text what they show", async () => {
    expect((await bundleOf(charts.line()))["text/plain"]).toBe(
      'line chart "tanh": 5 points, x -2 to 2, y -0.964 to 0.964',
    );
    expect((await bundleOf(charts.bar()))["text/plain"]).toBe("bar chart: a 1, b 2");
    expect((await bundleOf(charts.histogram()))["text/plain"]).toBe(
      "histogram from 1 to 3: 4 values, mean 2",
    );
  });

  test("count every value of a histogram once", async () => {
    const spec = (await bundleOf(charts.histogram()))[MIME] as { data: { values: { count: number }[] } };
    expect(spec.data.values.map((row) => row.count)).toEqual([1, 0, 2, 1]);
  });

  test("leave the specification out when the data are large", async () => {
    const bundle = await bundleOf(
      plot.line({ y: Float32Array.from({ length: 60_000 }, (_, i) => Math.sin(i / 9000)) }),
    );
    expect(Object.keys(bundle).sort()).toEqual(["image/png", "text/plain"]);
  });

  test("take any Vega-Lite specification and keep its own settings", async () => {
    const spec = {
      data: { values: [{ a: 1 }] },
      mark: "bar",
      encoding: { x: { field: "a", type: "quantitative" } },
    };
    const bundle = await bundleOf(
      plot.vegaLite({
        ...spec,
        title: "mine",
        config: { mark: { color: "red" }, background: "#ffffee", axis: { labelColor: "#000000" } },
      }),
    );
    expect(bundle["text/plain"]).toBe('Vega-Lite chart "mine"');
    expect(bundle[MIME]).toMatchObject({
      mark: "bar",
      config: {
        mark: { color: "red" },
        background: "#ffffee",
        axis: { labelColor: "#000000", titleColor: INK },
      },
    });
    expect(readPng(bundle).pixel(0, 0).slice(0, 3)).toEqual([255, 255, 238]);
    await expect(bundleOf(plot.vegaLite({ mark: "bar", encoding: 3, layer: 1 }))).rejects.toThrow();
  });

  test("explain wrong data", () => {
    expect(() => plot.line({})).toThrow(/either y .* or series/);
    expect(() => plot.line({ x: [1, 2], y: [1] })).toThrow("plot.line: 2 x values for 1 y values");
    expect(() => plot.line({ y: [[1, 2]] })).toThrow(/expected a list of numbers, got shape \[1, 2\]/);
    expect(() => plot.bar({ x: ["a"], y: [1, 2] })).toThrow("plot.bar: 1 categories for 2 values");
    expect(() => plot.scatter({ x, y: x, color: [1] })).toThrow("plot.scatter: 1 colours for 5 points");
    expect(() => plot.heatmap({ z: [1, 2] })).toThrow(/expected a matrix/);
    expect(() => plot.histogram({ values: [Number.NaN] })).toThrow(/no finite value/);
  });
});

describe("text", () => {
  test("is measured and cut with the font's own widths", () => {
    expect(textWidth("0", 2048)).toBe(1303);
    expect(textWidth("AB", 1024)).toBe((1401 + 1405) / 2);
    expect(fitText("abc", 10, 100)).toBe("abc");
    const cut = fitText("a very long title", 10, 40);
    expect(cut).toMatch(/^a.*…$/);
    expect(textWidth(cut, 10)).toBeLessThanOrEqual(40);
  });
});

describe("learning curves", () => {
  test("pair training and validation by either spelling", () => {
    expect(readMeasures(logs)).toEqual([
      { name: "loss", training: [1, 0.5], validation: [1.1, 0.7] },
      { name: "accuracy", training: [0.6, 0.8], validation: [0.5, 0.7] },
    ]);
    expect(readMeasures({ value: [1] })).toEqual([{ name: "value", training: [1], validation: [] }]);
    expect(words("meanAbsoluteError")).toBe("mean absolute error");
  });

  test("sum up in text, and manage without any epoch", async () => {
    expect(expectText(await historyBundle(logs)).split("\n")).toEqual([
      "learning curves over 2 epochs",
      "  loss: 1 → 0.5",
      "  validation loss: 1.1 → 0.7",
      "  accuracy: 0.6 → 0.8",
      "  validation accuracy: 0.5 → 0.7",
    ]);
    expectText(await historyBundle({}));
  });
});

describe("confusionMatrixBundle", () => {
  const table = {
    labels: ["<cat>", "dog"],
    counts: [
      [3, 1],
      [0, 4],
    ],
    actual: [4, 4],
    predicted: [3, 5],
    total: 8,
    accuracy: 7 / 8,
  };

  test("is a heat table with margins", async () => {
    const bundle = await confusionMatrixBundle(table);
    const html = String(bundle["text/html"]);
    expectSafeHtml(html);
    expect(html).toContain("&#60;cat&#62;");
    expect([...html.matchAll(/<td[^>]*>(?:<i>)?(\d+)/g)].map((match) => Number(match[1]))).toEqual([
      3, 1, 4, 0, 4, 4, 3, 5, 8,
    ]);
    for (const style of html.match(/style="[^"]*"/g) ?? [])
      expect(style).toMatch(/background-color: #\w+; color: #\w+/);
    expect(expectText(bundle)).toContain("accuracy 0.875");
    expect(readPng(bundle).pixel(0, 0).slice(0, 3)).toEqual([255, 255, 255]);
  });

  test("shows only colours when there are many classes", async () => {
    const labels = Array.from({ length: 60 }, (_, i) => i);
    const counts = labels.map((i) => labels.map((j) => (i === j ? 2 : 0)));
    const margin = labels.map(() => 2);
    const bundle = await confusionMatrixBundle({
      labels,
      counts,
      actual: margin,
      predicted: margin,
      total: 120,
      accuracy: 1,
    });
    expect(Object.keys(bundle).sort()).toEqual(["image/png", "text/plain"]);
  });
});

describe("rocCurveBundle", () => {
  test("puts the area into title, legend and text", async () => {
    const one = await rocCurveBundle([roc]);
    expect(one[MIME]).toMatchObject({ title: "ROC curve, AUC = 0.7000" });
    expect(one["text/plain"]).toBe("ROC curve, AUC = 0.7000\n  class cat: AUC 0.7, 3 points");
    const two = await rocCurveBundle([roc, { ...roc, positive: "dog", auc: 0.8 }]);
    expect(JSON.stringify(two[MIME])).toContain("dog (AUC 0.8000)");
    expect(two[MIME]).toMatchObject({ title: "ROC curves, mean AUC = 0.7500" });
  });

  test("enlarges the corner in which good curves differ, and only there", async () => {
    const good = { ...roc, fpr: [0, 0, 0.02, 1], tpr: [0, 0.96, 1, 1] };
    const size = async (...curves: (typeof roc)[]) => {
      const bundle = await rocCurveBundle(curves);
      expect(warningsOf(bundle[MIME] as TopLevelSpec)).toEqual([]);
      const { hconcat } = bundle[MIME] as { hconcat?: Panel[] };
      return hconcat?.[1].layer[0].encoding.y.scale.domain[0];
    };
    expect(await size(good, { ...good, positive: "dog" })).toBe(0.95);
    expect(await size({ ...good, positive: "dog" }, { ...good, tpr: [0, 0.8, 0.96, 1] })).toBe(0.9);
    expect(await size(good, { ...roc, positive: "dog" })).toBeUndefined();
    expect(await size(good)).toBeUndefined();
  });

  test("thins long curves but keeps their ends", async () => {
    const long = Array.from({ length: 5001 }, (_, i) => i / 5000);
    const bundle = await rocCurveBundle([{ ...roc, fpr: long, tpr: long }]);
    const { values } = (bundle[MIME] as { data: { values: { x: number }[] } }).data;
    expect(values.length).toBeLessThan(500);
    expect([values[0].x, values[values.length - 1].x]).toEqual([0, 1]);
  });
});

describe("charts with two axes", () => {
  const normal = (mean: number) => (at: number) => Math.exp(-((at - mean) ** 2) / 2) / Math.sqrt(2 * Math.PI);
  const specOf = async (value: Displayable) => (await bundleOf(value))[MIME] as never;
  interface Layer {
    mark: { type: string; text?: string; align?: string };
    data: { values: { x: number; y: number; series?: string }[] };
  }

  test("shade the parts of densities on either side of a threshold", async () => {
    const chart = plot.density({
      series: { healthy: normal(0), sick: { pdf: normal(2) } },
      xRange: [-3, 5],
      rules: [{ x: 1.005, label: "threshold" }],
      shade: [
        { series: "healthy", from: 1.005, label: "type I" },
        { series: "sick", to: 1.005, color: "#112233" },
      ],
    });
    const { layer } = (await specOf(chart)) as { layer: Layer[] };
    expect(layer.map(({ mark }) => mark.type)).toEqual(["area", "area", "area", "rule", "text"]);
    const [first] = layer[0].data.values;
    // between the points at 1.00 and 1.04, on the line from one to the other
    expect(first).toMatchObject({ x: 1.005, series: "type I" });
    expect(first.y).toBeCloseTo(normal(0)(1.005), 4);
    expect(layer[1].data.values.at(-1)).toMatchObject({ x: 1.005 });
    expect(expectText(await bundleOf(chart))).toMatch(
      /shaded \(type I\) from x 1.005 to 5 below healthy; shaded from x -3 to 1.005 below sick; threshold at x 1.005$/,
    );
  });

  test("put labels to the side where there is room", async () => {
    const points = [
      { x: 0, y: 0, label: "left" },
      { x: 10, y: 1, label: "right" },
    ];
    const { layer } = (await specOf(plot.line({ x: [0, 10], y: [0, 1], points }))) as { layer: Layer[] };
    const labels = layer.filter(({ mark }) => mark.type === "text").map(({ mark }) => mark.align);
    expect(labels).toEqual(["left", "right"]);
  });

  test("leave out of a logarithmic axis what has no place on it", async () => {
    const { data } = (await specOf(plot.line({ y: [-1, 0, 1], yScale: "log" }))) as Layer;
    expect(data.values.map(({ y }) => y)).toEqual([null, null, 1]);
  });

  test("write values above bars, also on a logarithmic axis", async () => {
    const chart = plot.bar({ y: [20, 3e6], yScale: "log", values: (value) => `${value} w` });
    const spec = (await specOf(chart)) as {
      data: { values: { text: string }[] };
      layer: { encoding: { y: object } }[];
    };
    expect(spec.data.values.map(({ text }) => text)).toEqual(["20 w", "3000000 w"]);
    expect(spec.layer[0].encoding.y).toMatchObject({ scale: { type: "log", domainMin: 1 } });
  });

  test("explain mistakes", () => {
    const y = [1, 2, 3];
    expect(() => plot.line({ y, xRange: [2, 1] })).toThrow(
      "plot.line: xRange is [lowest, highest], got [2, 1]",
    );
    expect(() => plot.line({ y, yRange: [0, Number.NaN] })).toThrow(/yRange is \[lowest, highest\]/);
    expect(() => plot.line({ y, yRange: [0, 1], yScale: "log" })).toThrow(/begins above 0/);
    expect(() => plot.scatter({ y, xScale: "ln" as "log" })).toThrow(/xScale is "linear" or "log", got "ln"/);
    expect(() => plot.bar({ y: [0, 0], yScale: "log" })).toThrow(/needs values above 0/);
    expect(() => plot.line({ y, rules: [{ label: "nowhere" }] })).toThrow(/a rule stands at an x or at a y/);
    expect(() => plot.line({ y, rules: [{ x: Number.NaN }] })).toThrow(
      /a rule needs finite numbers, got NaN/,
    );
    expect(() => plot.line({ y, points: [{ x: 1, y: Number.POSITIVE_INFINITY }] })).toThrow(
      /a point needs finite/,
    );
    expect(() => plot.area({ y, shade: { series: "b" } })).toThrow(/There is no "b", there are ""/);
    expect(() => plot.area({ y, shade: { from: 2, to: 1 } })).toThrow(
      /from a smaller to a larger x, got 2 to 1/,
    );
    expect(() => plot.area({ y, shade: { from: 5 } })).toThrow(/nothing to shade from 5 to ∞/);
    expect(() => plot.density({})).toThrow(/give either density/);
    expect(() => plot.density({ density: [1, 2] as never })).toThrow(
      /of a sample take kernelDensity\(sample\)/,
    );
    expect(() => plot.density({ density: normal(0) })).toThrow(/say from where to where/);
  });
});
