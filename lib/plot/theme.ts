// The look of charts: one configuration that goes with every specification, and what a PNG needs on top.
import { CATEGORY, scaleColors } from "./color.ts";

/** Sizes, weights and data colours. No text or background colours: notebooks set those to fit their theme. */
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

/** What a picture that stands alone has to bring itself: paper, margin, ink. */
export const svgConfig = {
  background: "#ffffff",
  padding: 10,
  font: "sans-serif",
  title: { color: "#111111" },
  axis: {
    labelColor: "#333333",
    titleColor: "#333333",
    gridColor: "#cccccc",
    domainColor: "#666666",
    tickColor: "#666666",
  },
  legend: { labelColor: "#333333", titleColor: "#333333" },
  header: { labelColor: "#333333", titleColor: "#333333" },
};
