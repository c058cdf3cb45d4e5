// The SVG of charts, made smaller without a visible change.
import { expect, test } from "vitest";
import { tidySvg } from "../../../lib/plot/tidy.ts";

test("points on the way of straight lines are left out, corners stay", () => {
  expect(tidySvg('<path d="M0,0L1,0.01L2,0L3,0L3,5L3,9.123"/>')).toBe('<path d="M0,0L3,0L3,9.1"/>');
  expect(tidySvg('<path d="M0,0L2,0L2,2L0,2ZM5,5L6,6L7,7"/>')).toBe('<path d="M0,0L2,0L2,2L0,2ZM5,5L7,7"/>');
});

test("a curve stays within a tenth of a pixel", () => {
  const points = Array.from({ length: 201 }, (_, i) => [
    i * 2,
    100 - 90 * Math.exp(-(((i - 100) / 30) ** 2)),
  ]);
  const [, path] = /d="M([^"]*)"/.exec(
    tidySvg(`<path d="M${points.map((point) => point.join(",")).join("L")}"/>`),
  )!;
  const kept = path.split("L").map((place) => place.split(",").map(Number));
  expect(kept.length).toBeLessThan(80);
  for (const [x, y] of points) {
    const next = Math.max(
      1,
      kept.findIndex((point) => point[0] >= x),
    );
    const [[x0, y0], [x1, y1]] = [kept[next - 1], kept[next]];
    // 0.08 for the points left out, 0.05 for rounding
    expect(Math.abs(y0 + ((x - x0) / (x1 - x0)) * (y1 - y0) - y)).toBeLessThan(0.08 * Math.SQRT2 * 2 + 0.05);
  }
});

test("other paths and texts stay as they are, attributes that draw nothing go", () => {
  const circle = '<path d="M2,0A2,2,0,1,1,-2,0Z" fill="red"/>';
  expect(tidySvg(circle)).toBe(circle);
  const group =
    '<g class="mark" role="x" aria-label="a b" opacity="1"><path class="foreground" d="" display="none"/></g>';
  expect(tidySvg(group)).toBe("<g></g>");
  expect(tidySvg('<path class="background" d="M0,0h9v9h-9Z" fill="#fff"/>')).toBe(
    '<path d="M0,0h9v9h-9Z" fill="#fff"/>',
  );
  expect(tidySvg('<text opacity="0.55">1.234567</text>')).toBe('<text opacity="0.55">1.234567</text>');
});
