// The graph of a model's layers, for tables and drawings.
import type { Shape } from "../tensor/shape.ts";
import type { Layer } from "./layer.ts";

/** One call of a layer in a model. */
export interface ModelNode {
  /** The layer's name in this model; a layer that is called twice has two nodes of that name. */
  readonly name: string;
  readonly kind: string;
  readonly layer: Layer;
  /** The shape of one output sample; null as long as the model has not seen an input. */
  readonly outputShape: Shape | null;
  /** The nodes that it gets its inputs from, as positions in the list of nodes; always earlier ones. */
  readonly from: readonly number[];
}

/** Layers one after the other. */
export function chainOf(layers: readonly Layer[]): ModelNode[] {
  return layers.map((layer, i) => ({
    name: layer.name,
    kind: layer.kind,
    layer,
    outputShape: layer.inputShape && layer.outputShape(layer.inputShape),
    from: i === 0 ? [] : [i - 1],
  }));
}
