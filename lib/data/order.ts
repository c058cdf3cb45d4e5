// Random orders of samples for splits and batches.
import { random } from "../random/random.ts";

/**
 * The numbers 0 … count − 1 in random order.
 * @param seed makes the order its own, whatever was drawn before; without it the order follows the library's `seed`
 */
export function randomOrder(count: number, seed?: number): Int32Array {
  if (seed === undefined) return random.permutation(count).data() as Int32Array;
  const draw = generator(seed);
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(draw() * (last + 1));
    [order[last], order[chosen]] = [order[chosen], order[last]];
  }
  return order;
}

/** Numbers in [0, 1) from a seed: SplitMix with 32 bits (Steele, Lea and Flood, OOPSLA 2014). */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let bits = state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
  };
}
