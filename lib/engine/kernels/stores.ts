// Vectors side by side, and from one address in a local variable: at such pairs of stores V8's 256-bit pass begins to join what was
// computed before them. It does not see that two reads of the global `scratch` are the same.

/** Four vectors. */
@inline
export function storeFour(at: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  v128.store(at, s0);
  v128.store(at, s1, 16);
  v128.store(at, s2, 32);
  v128.store(at, s3, 48);
}

/** Eight vectors. */
@inline
export function storeEight(at: usize, s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128): void {
  v128.store(at, s0);
  v128.store(at, s1, 16);
  v128.store(at, s2, 32);
  v128.store(at, s3, 48);
  v128.store(at, s4, 64);
  v128.store(at, s5, 80);
  v128.store(at, s6, 96);
  v128.store(at, s7, 112);
}
