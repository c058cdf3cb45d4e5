// What the tests of lib/plot share: tensors without the engine, PNGs back to pixels, HTML against JupyterLab's rules.
import { decode } from "fast-png";
import { expect } from "vitest";
import { DISPLAY, type Displayable, type MimeBundle, metadataOf } from "../../../lib/plot/bundle.ts";

export function fakeTensor(shape: number[], valueAt: (index: number) => number, dtype = "float32") {
  const size = shape.reduce((product, side) => product * side, 1);
  return {
    shape,
    dtype,
    data: () => Float32Array.from({ length: size }, (_, i) => valueAt(i)),
    reshape: (other: number[]) => fakeTensor(other, valueAt, dtype),
    toString: () => `Tensor [${shape}]`,
  };
}

export async function bundleOf(value: Displayable): Promise<MimeBundle> {
  const bundle = await value[DISPLAY]();
  expectText(bundle);
  return bundle;
}

export function expectText(bundle: MimeBundle): string {
  const text = bundle["text/plain"];
  if (typeof text !== "string") throw new Error("no text/plain");
  expect(text.length).toBeGreaterThan(0);
  return text;
}

/** The pixels of a bundle's PNG, and the size at which it is to be shown. */
export function readPng(bundle: MimeBundle) {
  const bytes = Buffer.from(String(bundle["image/png"]), "base64");
  const { width, height, channels, data } = decode(bytes);
  const shown = metadataOf(bundle)["image/png"] as { width: number; height: number };
  const pixel = (x: number, y: number): number[] =>
    Array.from(data.slice((y * width + x) * channels, (y * width + x + 1) * channels));
  return { bytes, width, height, channels, data, shown, pixel };
}

const TAGS = new Set(
  "table caption thead tbody tr th td p div i b img progress span details summary picture source".split(" "),
);
const ATTRIBUTES = new Set("open media srcset style colspan src width height alt value max".split(" "));
const STYLES: Record<string, RegExp> = {
  "background-color": /^#[0-9a-f]{6}$/,
  color: /^#[0-9a-f]{6}$/,
  "text-align": /^(left|center|right)$/,
  width: /^\d+px$/,
  "max-width": /^(100%|none)$/,
  height: /^auto$/,
  "min-width": /^\d+px$/,
  display: /^(inline-block|block)$/,
  "vertical-align": /^(middle|bottom)$/,
  "overflow-x": /^auto$/,
  "font-size": /^\d+px$/,
  margin: /^[\dpx ]+$/,
  padding: /^[\dpx ]+$/,
  "padding-bottom": /^\d+px$/,
};

/** Fails for whatever JupyterLab would cut out of an untrusted notebook. */
export function expectSafeHtml(html: string): void {
  for (const [, name, attributes] of html.matchAll(/<\/?([a-z]+)((?:\s+[a-z-]+="[^"]*")*)\s*>/g)) {
    expect(TAGS, name).toContain(name);
    for (const [, attribute, value] of attributes.matchAll(/([a-z-]+)="([^"]*)"/g)) {
      expect(ATTRIBUTES, attribute).toContain(attribute);
      if (attribute.startsWith("src")) expect(value).toMatch(/^data:image\//);
      if (attribute === "style") {
        for (const rule of value.split(";")) {
          const [property, setting] = rule.split(":").map((part) => part.trim());
          expect(setting).toMatch(STYLES[property] ?? /^no such style$/);
        }
      }
    }
  }
  // nothing that looks like a tag was missed above
  expect(html.replace(/<\/?[a-z]+(?:\s+[a-z-]+="[^"]*")*\s*>/g, "")).not.toMatch(/[<>]/);
}

/** The SVG images in a page: their source, the texts in them, their size. */
export function svgsOf(html: string): { svg: string; texts: string[]; width: number; height: number }[] {
  return [
    ...html.matchAll(
      /<img src="data:image\/svg\+xml;charset=utf-8,([^"]*)" [^>]*width="(\d+)" height="(\d+)"/g,
    ),
  ].map(([, address, width, height]) => {
    const svg = decodeURIComponent(address).replace(/'/g, '"');
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) =>
      text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
    );
    return { svg, texts, width: Number(width), height: Number(height) };
  });
}
