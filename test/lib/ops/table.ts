// The table of operations: every row is checked by operations.test.ts against fixtures, differences and itself.
//
// To add an operation: a row in the file of its family under rows/ (or a new file, named in the list here), then
//   python test/fixtures/operations/make.py <family>
// which computes the `reference` of every row with PyTorch, NumPy or SciPy in float64.
import type { Row } from "./row.ts";
import { activations } from "./rows/activations.ts";
import { arithmetic } from "./rows/arithmetic.ts";
import { convolutions, pools } from "./rows/convolutions.ts";
import { elementwise } from "./rows/elementwise.ts";
import { indexing } from "./rows/indexing.ts";
import { losses } from "./rows/losses.ts";
import { networks } from "./rows/networks.ts";
import { normalization } from "./rows/normalization.ts";
import { products } from "./rows/products.ts";
import { reductions } from "./rows/reductions.ts";
import { shapes } from "./rows/shapes.ts";
import { sorting } from "./rows/sorting.ts";

/** By family, which is the name of the file with its fixtures. */
export const table: Readonly<Record<string, readonly Row[]>> = {
  activations,
  arithmetic,
  convolutions,
  pools,
  elementwise,
  indexing,
  losses,
  networks,
  products,
  normalization,
  reductions,
  shapes,
  sorting,
};
