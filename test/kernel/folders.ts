// Temporary folders of the tests, removed when the test file that asked for them has run.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lectern-test-"));
  made.push(folder);
  return folder;
}
