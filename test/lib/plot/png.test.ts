// PNG files, read back by another program's decoder.
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { encodePng } from "../../../lib/plot/png.ts";

test.each([1, 3] as const)("keeps every pixel of %i channels", async (channels) => {
  const [width, height] = [7, 5];
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 89) % 256);
  const picture = decode(await encodePng({ width, height, channels, pixels }), { checkCrc: true });
  expect(picture).toMatchObject({ width, height, channels, depth: 8 });
  expect(Array.from(picture.data)).toEqual(Array.from(pixels));
});

test("needs hardly any bytes for rows that repeat", async () => {
  const row = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) % 251);
  const pixels = new Uint8Array(1000 * 100);
  for (let y = 0; y < 100; y++) pixels.set(row, y * 1000);
  const png = await encodePng({ width: 1000, height: 100, channels: 1, pixels });
  expect(png.length).toBeLessThan(1700);
});
