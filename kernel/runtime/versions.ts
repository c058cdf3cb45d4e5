// Which of the user's modules have changed on disk. A module is known by its URL, so a changed one gets a new version.
//
// The version of a file is the time (a count of changes) at which the file, or one of those that it imports, was last
// seen to have changed. So a module is loaded anew together with all that import it, and every other keeps its state.
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface KnownFile {
  /** Of the text that was loaded; empty for a file that was not there. */
  stamp: string;
  changed: number;
  readonly imports: Set<string>;
}

const files = new Map<string, KnownFile>();
let clock = 0;
/** Files that the import at hand has loaded. */
let loading = new Set<string>();

export function noteImport(parent: string, file: string): void {
  known(file);
  known(parent).imports.add(file);
}

/** The file is read now. */
export function noteLoad(file: string): void {
  const entry = known(file);
  entry.stamp = stampOf(file);
  entry.imports.clear();
  loading.add(file);
}

/** Looks at the file and at all that it imports. */
export function versionOf(url: string): number {
  let newest = 0;
  for (const file of withImports(url)) {
    const entry = known(file);
    const stamp = stampOf(file);
    if (stamp !== entry.stamp) {
      entry.stamp = stamp;
      entry.changed = ++clock;
    }
    newest = Math.max(newest, entry.changed);
  }
  return newest;
}

/** The file and all that it imports. */
export function withImports(url: string): Set<string> {
  const all = new Set([url]);
  for (const file of all) for (const imported of files.get(file)?.imports ?? []) all.add(imported);
  return all;
}

export function beginImport(): void {
  loading = new Set();
}

/** Node remembers a failure for ever; here what was loaded for it is loaded anew the next time. */
export function importFailed(): void {
  for (const file of loading) known(file).changed = ++clock;
}

function known(file: string): KnownFile {
  const entry = files.get(file) ?? { stamp: stampOf(file), changed: 0, imports: new Set() };
  files.set(file, entry);
  return entry;
}

function stampOf(file: string): string {
  const stat = statSync(fileURLToPath(file), { throwIfNoEntry: false });
  return stat?.isFile() ? `${stat.mtimeMs} ${stat.size}` : "";
}
