// The graph of a tensor as text and picture, and the layout of pictures.
import { describe, expect, test } from "vitest";
import { drawGraph, softmaxCrossEntropy, tensor, variable } from "../../../lib/index.ts";
import { diagramSvg } from "../../../lib/plot/diagram.ts";
import { layOut } from "../../../lib/plot/layers.ts";

describe("drawGraph", () => {
  test("lists operations with names and shapes, each once", () => {
    const x = tensor([[1, 2]]);
    const [w, b] = [variable([[1], [2]]), variable([0], { dtype: "float64" })];
    const h = x.matmul(w);
    const loss = h.mul(h).add(b).pow(3).sum();
    expect(String(drawGraph(loss, { x, w, loss }))).toBe(
      [
        "v1 = matmul(x [1, 2], w [2, 1])  [1, 1]",
        "v2 = mul(v1, v1)  [1, 1]",
        "v3 = cast(v2)  [1, 1] float64",
        "v4 = add(v3, variable [1] float64)  [1, 1] float64",
        "v5 = pow(v4, 3)  [1, 1] float64",
        "loss = sum(v5)  [] float64",
      ].join("\n"),
    );
  });

  test("draws it", async () => {
    const w = variable([[1, 2]]);
    const graph = drawGraph(softmaxCrossEntropy(w.mul(2), tensor([1])), { w });
    const bundle = await (graph as unknown as { [key: symbol]: () => Promise<Record<string, unknown>> })[
      Symbol.for("Jupyter.display")
    ]!();
    expect(Object.keys(bundle)).toEqual(["image/png", "text/plain"]);
    expect(bundle["text/plain"]).toBe("v1 = mul(w [1, 2], 2)  [1, 2]\nv2 = softmaxCrossEntropy(v1)  []");
  });

  test("of a hundred thousand operations", () => {
    let y = variable(1);
    for (let i = 0; i < 100_000; i++) y = y.add(1);
    expect(String(drawGraph(y)).split("\n").length).toBe(100_000);
  });

  test("says when there is no graph, or none any more", () => {
    expect(() => drawGraph(tensor(1).exp())).toThrow(/no operation was recorded.*variable/);
    expect(() => drawGraph(variable(1))).toThrow(/no operation was recorded/);
    const y = variable(1).exp();
    y.backward();
    expect(() => drawGraph(y)).toThrow(/used this graph up.*retainGraph/);
    expect(() => drawGraph(5 as never)).toThrow(/needs a tensor/);
  });
});

describe("layOut", () => {
  const box = (...from: number[]) => ({ width: 50, height: 20, from });

  test("arrows go to the right, inputs stand beside what uses them first", () => {
    // 0, 1 → 2; 2, 3 → 4; 0, 4 → 5
    const nodes = [box(), box(), box(0, 1), box(), box(2, 3), box(0, 4)];
    const layout = layOut(nodes);
    const columns = layout.nodes.map(({ x }) => x / 84);
    expect(columns).toEqual([0, 0, 1, 1, 2, 3]);
    // The arrow from 0 to 5 bends twice in each of the two layers between.
    expect(layout.bends[5]![0]!.length).toBe(4);
    expect(layout.bends[5]![1]).toEqual([]);
    expect(layout.width).toBe(4 * 50 + 3 * 34);
  });

  test("nothing overlaps, and crossings that can be avoided are", () => {
    // Two chains whose inputs are listed the other way round.
    const nodes = [box(), box(), box(1), box(0), box(2), box(3), box(4, 5)];
    const layout = layOut(nodes);
    const at = (i: number) => layout.nodes[i]!.y;
    expect(Math.sign(at(1) - at(0))).toBe(Math.sign(at(2) - at(3)));
    expect(Math.sign(at(2) - at(3))).toBe(Math.sign(at(4) - at(5)));
    for (const [a, b] of [
      [0, 1],
      [2, 3],
      [4, 5],
    ] as const)
      expect(Math.abs(at(a) - at(b))).toBeGreaterThanOrEqual(20 + 18);
    expect(Math.max(...nodes.map((_, i) => at(i))) + 10).toBeLessThanOrEqual(layout.height);
  });

  test("one node alone", () => {
    expect(layOut([box()])).toMatchObject({ width: 50, height: 20, nodes: [{ x: 0, y: 10 }] });
  });
});

test("texts in pictures are made safe, and there is no paper behind them", () => {
  const svg = diagramSvg([{ role: "input", name: "<script>", from: [] }]);
  expect(svg).not.toContain("<script>");
  expect(svg).not.toMatch(/rect width="100%"/);
});
