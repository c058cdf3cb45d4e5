// How a tensor shows itself in a notebook: the table of lib/plot, beside the plain text.
import { formatNumbers } from "./numerals.ts";
import type { Tensor } from "./tensor.ts";

/** The MIME bundle of a tensor. The drawing code is only loaded when something is shown. */
export async function displayTensor(tensor: Tensor): Promise<Record<string, unknown>> {
  const { tensorTable } = await import("../plot/table.ts");
  const { shape, dtype } = tensor;
  // A window on the numbers in place of a copy: the table shows few of what may be a gigabyte.
  return tensorTable({
    shape,
    dtype,
    data: () => tensor.view(),
    // With the digits of the text.
    write: (numbers) => formatNumbers(numbers, dtype === "float32"),
    toString: () => tensor.toString(),
  });
}
