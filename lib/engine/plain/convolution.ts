// The plain core: convolution of float64 and its gradients. Signatures and meaning are those of Windows (../core.ts).
import type { Convolution, Pointer } from "../core.ts";
import { float64 } from "./memory.ts";
import { forEachTap, pixelsOf, positionsOf } from "./window.ts";

function arrays(g: Convolution, x: Pointer, filters: Pointer, y: Pointer) {
  const taps = g.axes[0].window * g.axes[1].window * g.axes[2].window;
  return {
    images: float64(x, pixelsOf(g) * g.channels),
    weights: float64(filters, (taps * g.channels * g.filters) / g.groups),
    outputs: float64(y, positionsOf(g) * g.filters),
  };
}

/** Calls `visit` for each product of a convolution: indices of the input, the weight and the output. */
function forEachProduct(
  g: Convolution,
  visit: (input: number, weight: number, output: number) => void,
): void {
  const channels = g.channels / g.groups;
  const filters = g.filters / g.groups;
  forEachTap(g, (pixel, tap, position) => {
    for (let group = 0; group < g.groups; group++) {
      for (let c = 0; c < channels; c++) {
        const input = pixel * g.channels + group * channels + c;
        const weight = (tap * channels + c) * g.filters + group * filters;
        const output = position * g.filters + group * filters;
        for (let f = 0; f < filters; f++) visit(input, weight + f, output + f);
      }
    }
  });
}

export function convolve(
  g: Convolution,
  x: Pointer,
  filters: Pointer,
  bias: Pointer,
  y: Pointer,
  relu: boolean,
): void {
  const { images, weights, outputs } = arrays(g, x, filters, y);
  const added = bias === 0 ? null : float64(bias, g.filters);
  for (let i = 0; i < outputs.length; i++) outputs[i] = added === null ? 0 : added[i % g.filters]!;
  forEachProduct(g, (input, weight, output) => {
    outputs[output]! += images[input]! * weights[weight]!;
  });
  if (relu) for (let i = 0; i < outputs.length; i++) outputs[i] = Math.max(outputs[i]!, 0);
}

export function convolveInputGradient(g: Convolution, dy: Pointer, filters: Pointer, dx: Pointer): void {
  const { images, weights, outputs } = arrays(g, dx, filters, dy);
  images.fill(0);
  forEachProduct(g, (input, weight, output) => {
    images[input]! += outputs[output]! * weights[weight]!;
  });
}

export function convolveFilterGradient(g: Convolution, x: Pointer, dy: Pointer, dFilters: Pointer): void {
  const { images, weights, outputs } = arrays(g, x, dFilters, dy);
  weights.fill(0);
  forEachProduct(g, (input, weight, output) => {
    weights[weight]! += images[input]! * outputs[output]!;
  });
}
