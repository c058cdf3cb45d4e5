// plot.animation: pictures one after the other, as one SVG that moves by itself, with neither scripts nor a network.
import { DISPLAY, type Displayable, escapeMarkup, type MimeBundle } from "./bundle.ts";
import {
  DRAW,
  type Drawable,
  type Drawing,
  drawable,
  drawingOf,
  drawingPng,
  imageTag,
  isDisplayable,
  svgAddress,
  svgDocument,
  textAt,
} from "./drawing.ts";
import { shortNumber } from "./number.ts";
import { shareElements } from "./shared.ts";
import { INK } from "./theme.ts";
import { checkOptions, describe } from "./values.ts";

export interface AnimationOptions {
  /** How many frames, when they come from a function. */
  frames?: number;
  /** Frames a second, 2 by default. */
  fps?: number;
  /** How long all frames take together, instead of `fps`. */
  seconds?: number;
  /** How many seconds the last frame stays before the first comes again, 1.5 by default. */
  hold?: number;
  /** A line above the animation; clicking it stops and starts. */
  title?: string;
  /** What can be seen, for those who cannot see it; without it the text of the last frame. */
  alt?: string;
}

const MOST_FRAMES = 200;
const STRIP = { gap: 24, line: 24 };

/** See {@link animation}. */
export class Animation implements Drawable {
  readonly #frames: readonly Displayable[];
  readonly #title: string;
  readonly #alt: string | undefined;
  readonly #frameTime: number;
  readonly #hold: number;
  #drawings: Promise<Drawing[]> | undefined;

  constructor(
    frames: readonly Displayable[],
    { fps = 2, seconds, hold = 1.5, title = "Animation", alt }: AnimationOptions,
  ) {
    const frameTime = seconds === undefined ? 1 / fps : seconds / frames.length;
    if (!(Number.isFinite(frameTime) && frameTime > 0))
      throw new RangeError("plot.animation: fps and seconds must be numbers above 0");
    if (!(Number.isFinite(hold) && hold >= 0))
      throw new RangeError(`plot.animation: hold must be 0 or more, got ${hold}`);
    this.#frames = frames;
    this.#title = title;
    this.#alt = alt;
    this.#frameTime = frameTime;
    this.#hold = hold;
  }

  /** How many frames there are. */
  get length(): number {
    return this.#frames.length;
  }

  /** One frame, as a picture of its own; a negative index counts from the end. @throws RangeError when there is none */
  frame(index: number): Drawable {
    const at = index < 0 ? index + this.length : index;
    if (!(at in this.#frames))
      throw new RangeError(`animation: there is no frame ${index}, the frames are 0 to ${this.length - 1}`);
    return drawable(async () => (await this.#draw())[at]);
  }

  /** The last frame: an animation as a part of another picture stands still. */
  async [DRAW](): Promise<Drawing> {
    return (await this.#draw())[this.length - 1];
  }

  async [DISPLAY](): Promise<MimeBundle> {
    const drawings = await this.#draw();
    const last = drawings[drawings.length - 1];
    const duration = shortNumber(this.length * this.#frameTime, 3);
    const heading = `${this.#title}: animation of ${this.length} frames, ${duration} s`;
    const text = `${heading}\n${this.#alt ?? last.text}`;
    const bundle = await drawingPng({ ...last, text });
    const size = sizeOf(drawings);
    const { definitions, drawings: frames } = shareElements(drawings.map((drawing) => drawing.svg));
    const moving = imageTag(this.#movingSvg(frames, size, definitions), { ...size, text });
    const still = svgAddress(svgDocument(last)).replaceAll(" ", "%20");
    const source = `<source media="(prefers-reduced-motion: reduce)" srcset="${still}">`;
    const strip = stripSvg(frames, size, definitions);
    const single = imageTag(
      strip.svg,
      { ...strip, text: `The ${this.length} frames of “${this.#title}” side by side` },
      "max-width: none; height: auto",
    );
    bundle["text/html"] =
      `<details open=""><summary>${escapeMarkup(this.#title)}</summary><picture>${source}${moving}</picture></details>` +
      `<details><summary>frame by frame</summary><div style="overflow-x: auto">${single}</div></details>`;
    return bundle;
  }

  #draw(): Promise<Drawing[]> {
    this.#drawings ??= Promise.all(this.#frames.map((frame) => drawingOf("plot.animation", frame)));
    return this.#drawings;
  }

  /** Each frame is hidden but for its time. For those who want no motion the last one stands still. */
  #movingSvg(frames: readonly string[], size: Size, definitions: string): string {
    const total = frames.length * this.#frameTime + this.#hold;
    const share = (time: number): string => `${Number(((100 * time) / total).toFixed(3))}%`;
    const keyframes = (name: string, time: number): string =>
      `@keyframes ${name}{0%{visibility:visible}${share(time)}{visibility:${time < total ? "hidden" : "visible"}}}`;
    const style =
      `<style>.f{visibility:hidden;animation:f ${Number(total.toFixed(3))}s step-end infinite}` +
      `.l{animation-name:l}${keyframes("f", this.#frameTime)}${keyframes("l", this.#frameTime + this.#hold)}` +
      `@media (prefers-reduced-motion:reduce){.f{animation:none}.l{visibility:visible}}</style>`;
    const groups = frames.map((svg, i) => {
      const isLast = i === frames.length - 1;
      const delay = Number((i * this.#frameTime).toFixed(3));
      return `<g class="f${isLast ? " l" : ""}" style="animation-delay:${delay}s">${svg}</g>`;
    });
    return svgDocument({ ...size, svg: groups.join(""), text: "" }, undefined, style + definitions);
  }
}

/**
 * Plays pictures one after the other. The result is one SVG image: it plays in notebooks, trusted or not, and in exported
 * pages, and can be stopped by a click on its title; below it the frames can be looked at one by one. Where the reader's
 * system asks for less motion, the last frame stands still. Give the charts of all frames the same `xRange` and `yRange`.
 *
 * @param frames the pictures (charts, tables, images, rows of them), or a function that makes frame `index`, counted from 0
 * @throws RangeError when there is no frame, or more than 200
 * @example
 * plot.animation((i) => plot.matrix([[0, 0, 0]], { highlight: { row: 0, column: i } }), { frames: 3, title: "a window" })
 */
export function animation(
  frames: readonly Displayable[] | ((index: number) => Displayable),
  options: AnimationOptions = {},
): Animation {
  const isFunction = typeof frames === "function";
  if (!isFunction && !Array.isArray(frames)) {
    throw new TypeError(
      `plot.animation: takes a list of pictures, or a function that makes them, got ${describe(frames)}`,
    );
  }
  checkOptions("plot.animation", options, "{ frames: 30 }");
  const count = isFunction ? options.frames : frames.length;
  if (count === undefined)
    throw new TypeError("plot.animation: say how many frames the function makes: { frames: 30 }");
  if (!(Number.isInteger(count) && count > 0 && count <= MOST_FRAMES))
    throw new RangeError(
      `plot.animation: the number of frames must be from 1 to ${MOST_FRAMES}, got ${count}`,
    );
  const list = isFunction ? Array.from({ length: count }, (_, i) => frames(i)) : [...frames];
  list.forEach((frame, i) => {
    if (!isDisplayable(frame))
      throw new TypeError(`plot.animation: frame ${i} is no picture, such as a chart or a table`);
  });
  return new Animation(list, options);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Room for the largest frame. */
function sizeOf(drawings: readonly Drawing[]): Size {
  return {
    width: Math.max(...drawings.map((drawing) => drawing.width)),
    height: Math.max(...drawings.map((drawing) => drawing.height)),
  };
}

/** All frames beside each other, numbered. */
function stripSvg(frames: readonly string[], size: Size, definitions: string): Size & { svg: string } {
  const step = size.width + STRIP.gap;
  const width = frames.length * step - STRIP.gap;
  const height = size.height + STRIP.line;
  const parts = frames.map((svg, i) => {
    const count = textAt(4, 16, `${i + 1} of ${frames.length}`, `font-size="12" fill="${INK}"`);
    return `<g transform="translate(${i * step} 0)">${count}<g transform="translate(0 ${STRIP.line})">${svg}</g></g>`;
  });
  return {
    width,
    height,
    svg: svgDocument({ svg: parts.join(""), width, height, text: "" }, undefined, definitions),
  };
}
