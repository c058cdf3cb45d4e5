// Models as boxes, and networks as circles and lines.
import { describe, expect, test } from "vitest";
import { plot } from "../../../lib/plot/plot.ts";
import { bundleOf, expectSafeHtml, expectText, fakeTensor, svgsOf } from "./read.ts";

const { architecture, network } = plot;

/** A call of a layer as models have it. */
function call(
  name: string,
  kind: string,
  outputShape: number[] | null,
  from: number[],
  parameterCount = 0,
  more = {},
) {
  return {
    name,
    kind,
    outputShape,
    from,
    layer: { name, kind, inputShape: [8, 8, 1], parameterCount, ...more },
  };
}

describe("plot.architecture", () => {
  const chain = [
    call("conv2d_1", "conv2d", [6, 6, 4], [], 40, { kernelSize: [3, 3] }),
    call("maxPool2d_1", "maxPool2d", [3, 3, 4], [0], 0, { poolSize: [2, 2] }),
    call("out", "dense", [10], [1], 1370),
  ];

  test("draws a chain with the input in front", async () => {
    const bundle = await bundleOf(architecture({ name: "sequential", nodes: chain }));
    const html = String(bundle["text/html"]);
    expectSafeHtml(html);
    expect(expectText(bundle).split("\n")).toEqual([
      "sequential: 1,410 parameters",
      "  input [8, 8, 1]",
      "  conv2d_1, 3 × 3 [6, 6, 4], 40 parameters ← input",
      "  maxPool2d_1, 2 × 2 [3, 3, 4] ← conv2d_1",
      "  out (dense) [10], 1,370 parameters ← maxPool2d_1",
    ]);
    const [{ svg, texts, width, height }] = svgsOf(html);
    expect(texts).toContain("6 × 6 × 4");
    expect(svg.match(/marker-end/g)).toHaveLength(3);
    expect(height).toBeGreaterThan(width);
  });

  test("draws the layers of a class without arrows", async () => {
    const nodes = chain.map((node) => ({ ...node, from: [] }));
    const bundle = await bundleOf(architecture({ name: "Net", nodes }));
    expect(expectText(bundle)).not.toMatch(/←|input/);
    const [{ svg, height, width }] = svgsOf(String(bundle["text/html"]));
    expect(svg).not.toContain("marker-end");
    expect(height).toBeGreaterThan(width);
  });

  test("draws branches beside each other, and counts shared layers once", async () => {
    const shared = call("dense_1", "dense", [4], [0], 12);
    const nodes = [
      call("input", "input", [2], []),
      shared,
      { ...shared, from: [1] },
      call("dense_2", "dense", [4], [0], 8),
      call("concatenate_1", "concatenate", [8], [2, 3]),
    ];
    const bundle = await bundleOf(architecture({ name: "model", nodes }, { title: "two branches" }));
    expect(expectText(bundle)).toMatch(/^two branches\n.*concatenate_1 \[8\] ← dense_1, dense_2$/s);
    const untitled = await bundleOf(architecture({ name: "model", nodes }));
    expect(expectText(untitled)).toMatch(/^model: 20 parameters\n/);
    expect(svgsOf(String(untitled["text/html"]))[0].svg.match(/marker-end/g)).toHaveLength(5);
  });

  test("explains mistakes", async () => {
    const unbuilt = await bundleOf(architecture({ name: "m", nodes: [call("dense_1", "dense", null, [])] }));
    expect(expectText(unbuilt)).toBe("m\n  input [8, 8, 1]\n  dense_1 ? ← input");
    expect(() => architecture({} as never)).toThrow(/expected a model made by sequential/);
    expect(() => architecture({ name: "m", nodes: [] })).toThrow(/has no layers/);
    expect(() => architecture({ name: "m", nodes: Array.from({ length: 81 }, () => chain[0]) })).toThrow(
      /81 layers cannot be read/,
    );
  });
});

describe("plot.network", () => {
  test("draws units, lines and names", async () => {
    const bundle = await bundleOf(network([2, 3, 1], { inputs: ["a", "b"], outputs: ["y"], title: "tiny" }));
    const html = String(bundle["text/html"]);
    expectSafeHtml(html);
    const [{ svg, texts }] = svgsOf(html);
    expect(svg.match(/<circle/g)).toHaveLength(6);
    expect(svg.match(/<path/g)).toHaveLength(2 * 3 + 3);
    expect(texts).toEqual(["a", "b", "input", "2", "hidden", "3", "y", "output", "1", "tiny"]);
    expect(expectText(bundle)).toBe("tiny: fully connected network, input 2 → hidden 3 → output 1");
  });

  test("abbreviates large layers", async () => {
    const [{ svg, texts }] = svgsOf(String((await bundleOf(network([784, 10])))["text/html"]));
    expect(svg.match(/<circle/g)).toHaveLength(8 + 10);
    expect(texts.filter((text) => text === "⋮")).toHaveLength(1);
  });

  test("colours weights by sign, from a model too", async () => {
    const weights = [[[-1, 2]]];
    const [{ svg }] = svgsOf(String((await bundleOf(network([1, 2], { weights })))["text/html"]));
    expect(
      [...svg.matchAll(/<path[^>]*stroke="(#\w+)"[^>]*stroke-width="([\d.]+)"/g)].map((match) =>
        match.slice(1),
      ),
    ).toEqual([
      ["#2f74c0", "1.9"],
      ["#d0454c", "3.2"],
    ]);
    const model = {
      layers: [{ weights: [fakeTensor([3, 2], (i) => i), fakeTensor([2], () => 0)] }, { weights: [] }],
    };
    expect(expectText(await bundleOf(network(model)))).toBe(
      "fully connected network, input 3 → output 2; weights 0 to 5",
    );
  });

  test("explains mistakes", () => {
    expect(() => network([3])).toThrow(/at least two layers/);
    expect(() => network([3, 0])).toThrow(/whole number of units, got 0/);
    expect(() => network({ layers: [] })).toThrow(/no dense layers, or no weights yet/);
    expect(() => network({} as never)).toThrow(/expected numbers of units/);
    expect(() => network([2, 2], { weights: [[[1, 2, 3]]] })).toThrow(
      "plot.network: weights [1, 3] do not connect layers of 2, 2 units",
    );
    expect(() => network([2, 2], { inputs: ["a"] })).toThrow("plot.network: 1 names for 2 inputs");
  });
});
