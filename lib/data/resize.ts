// Scaling of square grey images by bilinear interpolation.

/**
 * Scales images of `from` × `from` pixels to `to` × `to`. Pixels are areas: the centre of an output pixel is looked up
 * between the four nearest input centres, and beyond the outermost centres the border's value holds (the same as
 * PyTorch's `interpolate(mode="bilinear", align_corners=False)`).
 */
export function resizeBilinear(images: Float32Array, count: number, from: number, to: number): Float32Array {
  const result = new Float32Array(count * to * to);
  const places = Array.from({ length: to }, (_, index) => {
    const place = Math.min(Math.max(((index + 0.5) * from) / to - 0.5, 0), from - 1);
    const low = Math.floor(place);
    return { low, high: Math.min(low + 1, from - 1), share: place - low };
  });
  for (let image = 0; image < count; image++) {
    const source = images.subarray(image * from * from, (image + 1) * from * from);
    const target = result.subarray(image * to * to, (image + 1) * to * to);
    for (const [row, y] of places.entries()) {
      for (const [column, x] of places.entries()) {
        const above = mix(source[y.low * from + x.low], source[y.low * from + x.high], x.share);
        const below = mix(source[y.high * from + x.low], source[y.high * from + x.high], x.share);
        target[row * to + column] = mix(above, below, y.share);
      }
    }
  }
  return result;
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
