// The look of charts: one configuration for all, and colours of text and paper for notebooks and for pictures on their own.
import { CATEGORY, scaleColors } from "./color.ts";

/** Sizes, weights and data colours. */
export const chartConfig = {
  view: { stroke: null },
  mark: { color: CATEGORY[0] },
  line: { strokeWidth: 2, strokeCap: "round", strokeJoin: "round" },
  point: { size: 40, filled: true, opacity: 0.8 },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 8,
    gridOpacity: 0.4,
    domainOpacity: 0.6,
    tickOpacity: 0.6,
  },
  legend: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal", symbolStrokeWidth: 2 },
  header: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" },
  title: { fontSize: 14, fontWeight: "normal", anchor: "start", offset: 12 },
  range: { category: CATEGORY, heatmap: scaleColors("viridis"), ramp: scaleColors("viridis") },
};

/** Reads on white and on black alike (contrast at least 4.2). */
export const INK = "#7b7b7b";

/** In a notebook a chart has no paper of its own, and text that reads in every theme, also after a change of theme. */
export const notebookColors = colors({
  background: "transparent",
  title: INK,
  text: INK,
  grid: `${INK}80`,
  line: INK,
});

/** What a picture that stands alone has to bring itself: paper, margin, ink. */
export const pictureColors = {
  ...colors({ background: "#ffffff", title: "#111111", text: "#333333", grid: "#cccccc", line: "#666666" }),
  padding: 10,
  font: "sans-serif",
};

function colors({ background, title, text, grid, line }: Record<string, string>) {
  return {
    background,
    title: { color: title, subtitleColor: text },
    axis: { labelColor: text, titleColor: text, gridColor: grid, domainColor: line, tickColor: line },
    legend: { labelColor: text, titleColor: text },
    header: { labelColor: text, titleColor: text },
  };
}
