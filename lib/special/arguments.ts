// What these functions are called with: plain numbers, nothing else.

/** Refuses what is no number: arithmetic on it would give NaN, or worse, an infinity. */
export function checkNumber(name: string, value: unknown): void {
  if (typeof value === "number") return;
  const got = typeof value === "object" && value !== null ? `a ${value.constructor?.name}` : String(value);
  throw new TypeError(
    `special.${name}: takes plain numbers, got ${got} — the numbers of a tensor are in x.data()`,
  );
}
