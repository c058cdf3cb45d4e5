// Stamps: a small file that holds the hash of what a step was made from, so that an unchanged step is skipped.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The hash of some texts (file contents, versions, paths): their order counts. */
export function hash(texts) {
  const sum = createHash("sha256");
  for (const text of texts) sum.update(text).update("\0");
  return sum.digest("hex");
}

/** Runs `step` unless the stamp file already holds `hash`; the stamp is written only after the step succeeded. */
export async function unlessStamped(file, hash, step) {
  if (read(file) === hash) return;
  rmSync(file, { force: true });
  await step();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
