// Types for the tests, which look for the browser in the same places as the set-up.

/** The path of a Chromium or Chrome that is there, or undefined. */
export function findChromium(): string | undefined;
