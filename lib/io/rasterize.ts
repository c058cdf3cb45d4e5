// SVG to pixels with resvg and the font in lib/plot/font: the one place where pictures need native code.
import { fileURLToPath } from "node:url";
import { Resvg, type ResvgRenderOptions } from "@resvg/resvg-js";

// Only the library's own font, never the machine's: the same chart gives the same bytes everywhere.
const FONT: ResvgRenderOptions["font"] = {
  fontFiles: [fileURLToPath(new URL("../plot/font/DejaVuSans.ttf", import.meta.url))],
  loadSystemFonts: false,
  defaultFontFamily: "DejaVu Sans",
  sansSerifFamily: "DejaVu Sans",
  serifFamily: "DejaVu Sans",
  monospaceFamily: "DejaVu Sans",
};

/** Draws an SVG as PNG at `zoom` times its size; the size given back is the SVG's own. */
export function svgToPng(svg: string, zoom: number): { png: Uint8Array; width: number; height: number } {
  const image = new Resvg(svg, { font: FONT, fitTo: { mode: "zoom", value: zoom } }).render();
  return {
    png: image.asPng(),
    width: Math.round(image.width / zoom),
    height: Math.round(image.height / zoom),
  };
}

/** Draws an SVG as RGBA pixels (alpha premultiplied) at its own size. */
export function svgToPixels(svg: string): { pixels: Uint8Array; width: number; height: number } {
  const image = new Resvg(svg, { font: FONT }).render();
  return { pixels: image.pixels, width: image.width, height: image.height };
}
