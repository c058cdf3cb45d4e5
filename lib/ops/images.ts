// Single images where an operation takes batches of them.
import type { Tensor } from "../tensor/tensor.ts";
import { reshape } from "./shape.ts";

/**
 * Images with `rank` axes of places as a batch `[batch, …, channels]`, also a single one `[…, channels]` or one without
 * channels, and what makes a result of that batch the same kind of images again.
 */
export function asBatch(images: Tensor, rank: number): [batch: Tensor, back: (y: Tensor) => Tensor] {
  const { shape } = images;
  if (images.rank === rank)
    return [reshape(images, [1, ...shape, 1]), (y) => reshape(y, y.shape.slice(1, -1))];
  if (images.rank === rank + 1) return [reshape(images, [1, ...shape]), (y) => reshape(y, y.shape.slice(1))];
  return [images, (y) => y];
}
