// The filters of a convolution as pictures.
import { type Displayable, displayable, pngBundle } from "./bundle.ts";
import { shortNumber } from "./number.ts";
import { drawSheet } from "./sheet.ts";
import { describe, finiteRange, shapeText, type TensorLike } from "./values.ts";

/** A layer whose first weight holds the filters. */
export interface FilterLayer {
  readonly name?: string;
  readonly weights: readonly TensorLike[];
}

const MOST_FILTERS = 16;
const MOST_CHANNELS = 8;
const MOST_SINGLE_CHANNEL_FILTERS = 64;

/**
 * Shows the filters of a convolution: blue is negative, white zero, red positive, all on one scale.
 *
 * With one input channel every picture is a filter; with more, a row is an input channel and a column a filter (the first 8
 * channels of the first 16 filters).
 *
 * @param layer a layer with `weights[0]` of shape `[kernel height, kernel width, in, out]`
 * @throws RangeError when the layer has no such weights
 * @example
 * filters(conv2d(8, 3, { inputShape: [28, 28, 1] }))
 */
export function filters(layer: FilterLayer): Displayable {
  const weights: unknown = (layer as FilterLayer | null | undefined)?.weights;
  if (!Array.isArray(weights)) {
    throw new TypeError(`filters: takes a layer such as model.layers[0], got ${describe(layer)}`);
  }
  const weight = layer.weights[0];
  const name = layer.name ?? "layer";
  if (weight === undefined) {
    throw new RangeError(
      `filters: ${name} has no weights yet; call it once on a batch, or give the model an inputShape, so that it builds them`,
    );
  }
  const { shape } = weight;
  if (shape.length !== 4) {
    throw new RangeError(
      `filters: expected weights [kernel height, kernel width, in, out] of a convolution, got ${shapeText(shape)} from ${name}`,
    );
  }
  const [height, width, channels, count] = shape;
  const shownCount = Math.min(count, channels === 1 ? MOST_SINGLE_CHANNEL_FILTERS : MOST_FILTERS);
  const shownChannels = Math.min(channels, MOST_CHANNELS);
  const heading = `${name}: ${count} filters of ${height} × ${width} on ${channels} channel${channels === 1 ? "" : "s"}`;
  return displayable(async () => {
    const data = weight.data();
    const { min, max } = finiteRange(data);
    const reach = Math.max(-min, max) || 1;
    const values = new Float64Array(shownCount * shownChannels * height * width);
    let at = 0;
    for (let channel = 0; channel < shownChannels; channel++) {
      for (let filter = 0; filter < shownCount; filter++) {
        for (let i = 0; i < height * width; i++)
          values[at++] = data[(i * channels + channel) * count + filter];
      }
    }
    const sheet = await drawSheet([
      {
        pictures: { count: shownCount * shownChannels, height, width, channels: 1, values },
        heading: heading + partShown(channels, shownChannels, count, shownCount),
        columns: channels === 1 ? 8 : shownCount,
        range: [-reach, reach],
        colormap: "diverging",
        pictureSize: channels === 1 ? 64 : 44,
      },
    ]);
    return pngBundle(sheet.png, sheet, `${heading}, weights from ${shortNumber(min)} to ${shortNumber(max)}`);
  });
}

function partShown(channels: number, shownChannels: number, count: number, shownCount: number): string {
  const parts = [
    shownCount < count ? `the first ${shownCount} filters` : "",
    shownChannels < channels ? `the first ${shownChannels} channels` : "",
  ].filter(Boolean);
  const rows = channels > 1 ? " (row = channel, column = filter)" : "";
  return rows + (parts.length > 0 ? `, ${parts.join(", ")}` : "");
}
