// Pictures as SVG that can be put together: side by side, and as frames of an animation.
import {
  DISPLAY,
  type Displayable,
  displayable,
  escapeMarkup,
  type MimeBundle,
  metadataOf,
  pngBundle,
} from "./bundle.ts";

/** A picture as SVG elements, without paper of its own, and what it shows in words. */
export interface Drawing {
  /** The elements, drawn from (0, 0) to (width, height). */
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** What the picture shows: its text/plain, and the alternative text of the image. */
  readonly text: string;
}

/** The name of the method that gives a displayable's drawing. */
export const DRAW: unique symbol = Symbol("lectern.draw") as never;

/** A displayable that can become a part of a larger picture. */
export interface Drawable extends Displayable {
  [DRAW](): Promise<Drawing>;
}

/** A PNG of more bytes is too much for a second choice: then it has the drawing's own size, not twice as many pixels. */
const LARGEST_PNG = 120_000;

/** Pictures wider than this are not shrunk below the given part of their size. */
const WIDE = 480;
const LEAST_SCALE = 0.7;

/** A value that a cell shows as this drawing: an image that scales without loss, a PNG where HTML is not shown. */
export function drawable(make: () => Drawing | Promise<Drawing>): Drawable {
  let drawing: Promise<Drawing> | undefined;
  const draw = (): Promise<Drawing> => {
    drawing ??= Promise.resolve(make());
    return drawing;
  };
  return { ...displayable(async () => drawingBundle(await draw())), [DRAW]: draw };
}

/** The outputs of a drawing. */
async function drawingBundle(drawing: Drawing): Promise<MimeBundle> {
  const bundle = await drawingPng(drawing);
  bundle["text/html"] = imageTag(svgDocument(drawing), drawing);
  return bundle;
}

/** A drawing as PNG on white, and its text. */
export async function drawingPng(drawing: Drawing): Promise<MimeBundle> {
  const { svgToPng } = await import("../io/rasterize.ts");
  const svg = svgDocument(drawing, "#ffffff");
  const fine = svgToPng(svg, 2);
  const picture = fine.png.length <= LARGEST_PNG ? fine : svgToPng(svg, 1);
  return pngBundle(picture.png, picture, drawing.text);
}

/**
 * The drawing of a displayable. Of those that have none of their own, the picture among their outputs is taken: the
 * specification of a chart, else the PNG.
 *
 * @throws TypeError when the value shows no picture
 */
export async function drawingOf(caller: string, value: Displayable): Promise<Drawing> {
  if (DRAW in value) return (value as Drawable)[DRAW]();
  const bundle = await value[DISPLAY]();
  const text = String(bundle["text/plain"] ?? "");
  const spec = bundle["application/vnd.vegalite.v5+json"];
  if (spec) {
    const { chartDrawing } = await import("./chart.ts");
    return chartDrawing(spec as { [key: string]: unknown }, text);
  }
  const png = bundle["image/png"];
  if (typeof png !== "string")
    throw new TypeError(`${caller}: this value shows no picture: ${text.slice(0, 60)}`);
  const size = metadataOf(bundle)["image/png"] as { width: number; height: number };
  return pngDrawing(png, size, text);
}

/** A PNG, given in base64, as a drawing. */
function pngDrawing(
  png: string,
  { width, height }: { width: number; height: number },
  text: string,
): Drawing {
  const svg = `<image width="${width}" height="${height}" href="data:image/png;base64,${png}"/>`;
  return { svg, width, height, text };
}

/** Whether a value can be asked for its drawing. */
export function isDisplayable(value: unknown): value is Displayable {
  return ((typeof value === "object" && value !== null) || typeof value === "function") && DISPLAY in value;
}

/** The drawing as an SVG file, on paper if a colour is given; `more` stands before the elements. */
export function svgDocument({ svg, width, height }: Drawing, paper?: string, more = ""): string {
  const sheet = paper ? `<rect width="100%" height="100%" fill="${paper}"/>` : "";
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="sans-serif">${more}${sheet}${svg}</svg>`
  );
}

/**
 * An SVG as an HTML image: so it passes JupyterLab's sanitizer, which cuts out inline SVG, and carries an alternative text.
 */
export function imageTag(svg: string, { width, height, text }: Omit<Drawing, "svg">, style = ""): string {
  // on a narrow page a wide picture is scrolled sooner than shrunk until nobody can read it
  const least = width > WIDE ? `; min-width: ${Math.round(width * LEAST_SCALE)}px` : "";
  return (
    `<img src="${svgAddress(svg)}" alt="${escapeMarkup(text)}" ` +
    `width="${width}" height="${height}" style="${style || `max-width: 100%; height: auto${least}`}">`
  );
}

/** An SVG as a data address. Written as text it is smaller than in base64. */
export function svgAddress(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${svg.replace(/"/g, "'").replace(/[%#<>&\n]/g, encodeURIComponent)}`;
}

/**
 * The same elements with other names: they begin with `prefix`, so that those of several drawings stay apart in one file,
 * and are numbered as they come.
 */
export function renameIds(svg: string, prefix: string): string {
  const names = new Map<string, string>();
  for (const [, name] of svg.matchAll(/ id="([^"]+)"/g)) names.set(name, `${prefix}${names.size}`);
  if (names.size === 0) return svg;
  return svg.replace(/( id="|url\(#|href="#)([^")]+)/g, (all, start: string, name: string) =>
    names.has(name) ? start + names.get(name) : all,
  );
}

/** A line of text; the style holds further attributes. */
export function textAt(x: number, y: number, text: string, attributes: string): string {
  return `<text x="${tenth(x)}" y="${tenth(y)}"${attributes && ` ${attributes}`}>${escapeMarkup(text)}</text>`;
}

/** Coordinates to a tenth of a pixel: no eye sees more, and files are smaller. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
