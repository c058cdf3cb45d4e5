// How a value is shown in a notebook: MIME bundles, the symbols that carry them, and output while a cell still runs.

/** One value in several forms, from rich to plain; a viewer takes the best one it knows. `text/plain` is always there. */
export type MimeBundle = { [mime: string]: unknown };

/** Output metadata by MIME type, e.g. the size at which a PNG of twice as many pixels is to be shown. */
export type BundleMetadata = { [mime: string]: unknown };

/** The name of the method that shows a value; Jupyter kernels for JavaScript call it on a cell's last value. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;
/** The name of a bundle's property that carries its output metadata. */
export const METADATA: unique symbol = Symbol.for("Jupyter.metadata") as never;

const BROADCAST = Symbol.for("Jupyter.broadcast");

/** A value that knows how to show itself. */
export interface Displayable {
  [DISPLAY](): MimeBundle | Promise<MimeBundle>;
}

/** What the kernel hands to the library for output in the middle of a cell. */
export type Broadcast = (
  type: "display_data" | "update_display_data" | "clear_output",
  content: object,
) => void;

/** Wraps a bundle, or a function that makes one when it is first looked at, into a value that a cell shows. */
export function displayable(bundle: MimeBundle | (() => MimeBundle | Promise<MimeBundle>)): Displayable {
  let shown: MimeBundle | Promise<MimeBundle> | undefined;
  return {
    [DISPLAY]: () => {
      shown ??= typeof bundle === "function" ? bundle() : bundle;
      return shown;
    },
  };
}

/** Attaches output metadata to a bundle. */
function withMetadata(bundle: MimeBundle, metadata: BundleMetadata): MimeBundle {
  return Object.assign(bundle, { [METADATA]: metadata });
}

/** The output metadata of a bundle; `{}` when there is none. */
export function metadataOf(bundle: MimeBundle): BundleMetadata {
  return (bundle as { [METADATA]?: BundleMetadata })[METADATA] ?? {};
}

/** The notebook's channel for live output, or undefined outside a notebook. */
export function liveOutput(): Broadcast | undefined {
  return (globalThis as { [BROADCAST]?: Broadcast })[BROADCAST];
}

/** A bundle of a PNG shown at `width` × `height` (its pixels may be finer) and a line of text. */
export function pngBundle(
  png: Uint8Array,
  size: { width: number; height: number },
  text: string,
): MimeBundle {
  return withMetadata(
    { "image/png": base64(png), "text/plain": text },
    { "image/png": { width: size.width, height: size.height } },
  );
}

/** Bytes as base64 text. */
export function base64(bytes: Uint8Array): string {
  const step = 0x8000;
  let binary = "";
  for (let i = 0; i < bytes.length; i += step) binary += String.fromCharCode(...bytes.subarray(i, i + step));
  return btoa(binary);
}

/** Text made safe for HTML and SVG, in content and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
