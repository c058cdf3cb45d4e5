// A picture in memory: grey or RGB pixels on white, to paint on.
import type { Rgb } from "./color.ts";

export class Raster {
  readonly width: number;
  readonly height: number;
  /** 1 = grey, 3 = RGB. */
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;

  constructor(width: number, height: number, channels: 1 | 3) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.pixels = new Uint8Array(width * height * channels).fill(255);
  }

  /** Fills a rectangle; of a grey raster only the colour's red part counts. */
  fill(x: number, y: number, width: number, height: number, color: Rgb): void {
    const { channels, pixels } = this;
    for (let row = y; row < y + height; row++) {
      let at = (row * this.width + x) * channels;
      for (let column = 0; column < width; column++) {
        for (let channel = 0; channel < channels; channel++) pixels[at++] = color[channel];
      }
    }
  }

  /** Paints `height × width` cells, each a square of `scale` pixels; `colorOf` gives the colour of a cell. */
  paint(
    x: number,
    y: number,
    size: { width: number; height: number },
    scale: number,
    colorOf: (row: number, column: number) => Rgb,
  ): void {
    const { channels, pixels, width: stride } = this;
    const length = size.width * scale * channels;
    for (let row = 0; row < size.height; row++) {
      const start = ((y + row * scale) * stride + x) * channels;
      let at = start;
      for (let column = 0; column < size.width; column++) {
        const color = colorOf(row, column);
        for (let repeat = 0; repeat < scale; repeat++) {
          for (let channel = 0; channel < channels; channel++) pixels[at++] = color[channel];
        }
      }
      for (let repeat = 1; repeat < scale; repeat++) {
        pixels.copyWithin(start + repeat * stride * channels, start, start + length);
      }
    }
  }

  /** Lays RGBA pixels with premultiplied alpha, as many as this raster has, over it. */
  overlay(rgba: Uint8Array): void {
    const { channels, pixels } = this;
    for (let i = 0; i < this.width * this.height; i++) {
      const alpha = rgba[i * 4 + 3];
      if (alpha === 0) continue;
      for (let channel = 0; channel < channels; channel++) {
        const at = i * channels + channel;
        pixels[at] = rgba[i * 4 + channel] + Math.round((pixels[at] * (255 - alpha)) / 255);
      }
    }
  }
}
