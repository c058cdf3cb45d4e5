// Names of the layers within a model: those that were given, and kinds with numbers for the others.
import type { Layer } from "./layer.ts";

/**
 * A name for each of the layers, by kind and number in their order: `dense_1`, `dense_2`. A layer that has its name from
 * elsewhere keeps it: so models that share layers call them the same.
 *
 * @throws Error when two layers were given the same name
 */
export function nameLayers(model: string, layers: readonly Layer[]): Map<Layer, string> {
  const names = new Map<Layer, string>();
  const taken = new Set<string>();
  for (const layer of layers.filter((each) => each.isNamed)) {
    if (taken.has(layer.name)) throw new Error(`${model}: two layers are named "${layer.name}"`);
    taken.add(layer.name);
    names.set(layer, layer.name);
  }
  for (const layer of layers) {
    const isNew = layer.name === layer.kind || taken.has(layer.name);
    if (names.has(layer) || isNew) continue;
    taken.add(layer.name);
    names.set(layer, layer.name);
  }
  for (const layer of layers) {
    if (names.has(layer)) continue;
    let number = 1;
    while (taken.has(`${layer.kind}_${number}`)) number++;
    const name = `${layer.kind}_${number}`;
    taken.add(name);
    names.set(layer, name);
    if (layer.name === layer.kind) layer.name = name;
  }
  return new Map(layers.map((layer) => [layer, names.get(layer)!]));
}
