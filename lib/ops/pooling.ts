// Max pooling on [batch, height, width, channels].
import { attach, give, mode, type Rule, tracks } from "../autograd/graph.ts";
import type { Window } from "../engine/core.ts";
import { engineOf } from "../tensor/compute.ts";
import { empty, tensor } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ConvolutionMemory, conv2dRule } from "./convolution.ts";
import { scatterRows } from "./indexing.ts";
import { checkTensor, toFloat } from "./operand.ts";
import { reshape } from "./shape.ts";
import { type Padding, placeWindow, readPair, type Strides } from "./window.ts";

/** Options of {@link maxPool2d}. */
export interface Pool2dOptions {
  /** Height and width of the window; one number for both. By default 2. */
  poolSize?: Strides;
  /** Steps of the window; by default its size, so that windows do not overlap. */
  strides?: Strides;
  /** `"valid"` (default) drops what does not fill a window, `"same"` keeps it. */
  padding?: Padding;
}

const maxPoolRule: Rule = {
  name: "maxPool2d",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const [geometry, y] = node.saved as [Window, Tensor];
    if (mode.recording) {
      const positions = tensor(winners(geometry, x.view()));
      const rows = reshape(gradient, [gradient.size, 1]);
      give(x, reshape(scatterRows(rows, positions, [x.size, 1]), x.shape));
      return;
    }
    const dx = empty(x.shape, x.dtype);
    engineOf(x.dtype).maxPool2dGradient(
      geometry,
      x.pointer(),
      y.pointer(),
      gradient.pointer(),
      dx.pointer(),
      masksFor(x),
    );
    give(x, dx);
  },
};

/**
 * Whether the relu of the convolution that made `x` can be taken back here, in the same pass: when no other gradient
 * reaches the convolution. It is then told so.
 */
function masksFor(x: Tensor): boolean {
  const source = x.node;
  if (source === null || source.rule !== conv2dRule || source.pending !== 1 || source.gradient !== null)
    return false;
  // Somebody wants to see the gradient of the convolution's own output.
  if (source.keeper !== null || mode.targets !== null) return false;
  const memory = source.saved as ConvolutionMemory;
  memory.masked = memory.y !== null;
  return memory.masked;
}

/** For each output, the index of the element of x that it is: the first maximum of its window. */
function winners(w: Window, x: ArrayLike<number>): Int32Array {
  const found = new Int32Array(w.batch * w.outHeight * w.outWidth * w.channels);
  let next = 0;
  for (let b = 0; b < w.batch; b++) {
    for (let row = 0; row < w.outHeight; row++) {
      for (let column = 0; column < w.outWidth; column++) {
        const top = row * w.strideY - w.padTop;
        const left = column * w.strideX - w.padLeft;
        for (let c = 0; c < w.channels; c++) {
          let best = -1;
          for (let i = Math.max(top, 0); i < Math.min(top + w.windowHeight, w.height); i++) {
            for (let j = Math.max(left, 0); j < Math.min(left + w.windowWidth, w.width); j++) {
              const index = ((b * w.height + i) * w.width + j) * w.channels + c;
              if (best < 0 || x[index]! > x[best]!) best = index;
            }
          }
          found[next++] = best;
        }
      }
    }
  }
  return found;
}

/**
 * The largest number of each window, for each channel. The gradient goes to the first maximum of the window.
 *
 * Shapes: `[batch, height, width, channels]` → `[batch, outHeight, outWidth, channels]`; a single image
 * `[height, width, channels]` or a matrix `[height, width]` works too.
 *
 * @throws when the window is larger than the image.
 * @example
 * maxPool2d(tensor([[1, 2, 5, 6], [3, 4, 7, 8]])).toArray() // → [ [ 4, 8 ] ]
 */
export function maxPool2d(image: Tensor, options: Pool2dOptions = {}): Tensor {
  checkTensor("maxPool2d", image);
  if (image.rank === 2) return reshapeBack(maxPool2d(reshape(image, [1, ...image.shape, 1]), options), 1, 3);
  if (image.rank === 3) return reshapeBack(maxPool2d(reshape(image, [1, ...image.shape]), options), 1, 4);
  if (image.rank !== 4) {
    throw new Error(`maxPool2d: x must be [batch, height, width, channels], got ${formatShape(image.shape)}`);
  }
  const x = toFloat(image);
  const size = readPair("maxPool2d", "poolSize", options.poolSize ?? 2);
  const strides = readPair("maxPool2d", "strides", options.strides ?? size);
  const geometry = placeWindow("maxPool2d", x.shape, size, strides, options.padding);
  const y = empty([geometry.batch, geometry.outHeight, geometry.outWidth, geometry.channels], x.dtype);
  engineOf(x.dtype).maxPool2d(geometry, x.pointer(), y.pointer());
  return tracks(x) ? attach(y, maxPoolRule, [x], [geometry, y]) : y;
}

function reshapeBack(y: Tensor, from: number, to: number): Tensor {
  return reshape(y, y.shape.slice(from, to));
}
