// Sizes that follow from the shape of a tensor.
export function size(shape: readonly number[]): number {
  let product = 1;
  for (const length of shape) product *= length;
  return product;
}

export function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

export function panelSize(depth: number, columns: number): number {
  return 64 * depth * Math.ceil(columns / 16);
}
