// Embeddings: whole numbers (words, categories) become rows of a table that learns.
import { engine } from "../engine/engine.ts";
import { made } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { notEqual } from "./compare.ts";
import { gatherRows } from "./gather.ts";
import { checkTensor, toFloat, toIndices } from "./operand.ts";
import { reshape } from "./shape.ts";

/**
 * The rows of a table `[vocabulary, size]` with the given numbers: indices `[…]` give `[…, size]`. The gradient of a row
 * is the sum over all places where it was looked up.
 *
 * @throws when an index is no whole number from 0 to `vocabulary` − 1.
 * @example
 * functional.embedding([[2, 0]], tensor([[1, 2], [3, 4], [5, 6]])).toArray() // → [ [ [ 5, 6 ], [ 1, 2 ] ] ]
 */
export function embedding(indices: Tensor | readonly number[] | readonly number[][], table: Tensor): Tensor {
  checkTensor("embedding", table);
  if (table.rank !== 2) {
    throw new Error(`embedding: the table must be [vocabulary, size], got ${formatShape(table.shape)}`);
  }
  const [vocabulary, size] = table.shape as [number, number];
  const given = indices instanceof Tensor ? indices : made("embedding", indices, { dtype: "float64" });
  const rows = toIndices("embedding", given);
  const outside = engine.core.findIndexOutside(rows.pointer(), rows.size, vocabulary);
  if (outside >= 0) {
    const index = rows.view()[outside]!;
    const hint =
      index < 0
        ? "indices count from 0 and not from the end"
        : `is the vocabulary, the first size of the table, at least ${index + 1}?`;
    throw new RangeError(
      `embedding: index ${index} at position ${outside} of ${formatShape(rows.shape)} is not in 0 to ${vocabulary - 1} — ${hint}`,
    );
  }
  return reshape(gatherRows(toFloat(table), rows), [...rows.shape, size]);
}

/**
 * Which places of padded sequences count, where index 0 stands for padding (Keras's `mask_zero`): dtype bool, for the masks of
 * recurrent layers.
 *
 * @example
 * functional.maskZero(tensor([[5, 2, 0]])).toArray() // → [ [ 1, 1, 0 ] ]
 */
export function maskZero(indices: Tensor): Tensor {
  checkTensor("maskZero", indices);
  return notEqual(indices.detach(), 0);
}
