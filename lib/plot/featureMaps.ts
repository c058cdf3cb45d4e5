// What every layer of a model makes of one picture, channel by channel.
import { type Displayable, displayable, pngBundle } from "./bundle.ts";
import { firstPictures } from "./grid.ts";
import { type Pictures, readPictures } from "./image.ts";
import { drawSheet, type Section } from "./sheet.ts";
import { describe, shapeText, type TensorLike } from "./values.ts";

/** A tensor as it goes from layer to layer. */
interface Activation extends TensorLike {
  reshape(shape: number[]): Activation;
}

/** A model that says what each of its layers gives, by the names of the layers. */
export interface LayeredModel {
  activations(x: never): Record<string, TensorLike>;
}

const MOST_MAPS = 64;
const MAP_COLUMNS = 16;
const MAP_SIZE = 44;
const STRIP = { width: 560, height: 12, unit: 24 };

/**
 * Runs a model on one picture and shows what comes out of each of its layers: a grid with one map per
 * channel for `[1, h, w, c]`, a strip of values for `[1, units]`. Every map has its own scale from dark blue (its smallest
 * value) to yellow (its largest).
 *
 * @param model any model that takes one picture
 * @param image one picture, `[h, w]`, `[h, w, c]` or `[1, h, w, c]`
 * @throws RangeError when there is more than one picture, or a layer does not take what comes to it
 * @example
 * featureMaps(sequential([conv2d(8, 3, { inputShape: [28, 28, 1] }), flatten()]), zeros([28, 28]))
 */
export function featureMaps(model: LayeredModel, image: TensorLike): Displayable {
  if (typeof model?.activations !== "function" || typeof image?.data !== "function") {
    throw new TypeError(
      `featureMaps: takes a model and a tensor, got ${describe(model)} and ${describe(image)}`,
    );
  }
  const { count, height, width, channels } = readPictures("featureMaps", image);
  if (count !== 1)
    throw new RangeError(`featureMaps: expected one picture, got ${count} (${shapeText(image.shape)})`);

  const sections: Section[] = [
    {
      pictures: { count, height, width, channels, values: image.data() },
      heading: `input ${shapeText([height, width, channels])}`,
      colormap: "gray",
      pictureSize: 112,
    },
  ];
  const lines = [`feature maps of a picture of ${height} × ${width} pixels`];
  const batch = (image as Activation).reshape([1, height, width, channels]);
  for (const [name, x] of Object.entries(model.activations(batch as never))) {
    const pictures = readMaps(x);
    const heading = `${name} ${shapeText(x.shape.slice(1))}`;
    lines.push(heading);
    sections.push({
      pictures: firstPictures(pictures, MOST_MAPS),
      heading,
      columns: MAP_COLUMNS,
      range: "each",
      colormap: "viridis",
      pictureSize: x.shape.length === 4 ? MAP_SIZE : Math.min(STRIP.width, pictures.width * STRIP.unit),
      outOf: pictures.count,
    });
  }
  return displayable(async () => {
    const sheet = await drawSheet(sections);
    return pngBundle(sheet.png, sheet, lines.join("\n  "));
  });
}

/** The channels of an activation as pictures of one channel each; a row of units becomes a strip. */
function readMaps(x: TensorLike): Pictures {
  const values = x.data();
  if (x.shape.length !== 4) {
    const units = x.shape[x.shape.length - 1];
    const rows = values.length / units;
    if (rows > 1) return { count: 1, height: rows, width: units, channels: 1, values };
    const repeat = Math.max(1, Math.round((STRIP.height * units) / STRIP.width));
    const strip = new Float64Array(units * repeat);
    for (let row = 0; row < repeat; row++) strip.set(Array.from(values), row * units);
    return { count: 1, height: repeat, width: units, channels: 1, values: strip };
  }
  const [, height, width, channels] = x.shape;
  const pixels = height * width;
  const maps = new Float64Array(values.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < pixels; i++) maps[channel * pixels + i] = values[i * channels + channel];
  }
  return { count: channels, height, width, channels: 1, values: maps };
}
