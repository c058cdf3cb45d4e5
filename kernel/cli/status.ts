// `lectern status`: where Jupyter finds the kernel, and whether what the kernelspec names is still there.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  isOurs,
  type KernelSpec,
  kernelProgram,
  kernelsFolder,
  readSpec,
  searchedFolders,
} from "./kernelspec.ts";
import { version } from "./version.ts";

export function status({ prefix }: { prefix?: string }): number {
  console.log(`Lectern ${version}, Node ${process.versions.node}`);
  const folders = prefix === undefined ? searchedFolders() : [kernelsFolder({ prefix })];
  const found = ourSpecs(folders);
  for (const { folder, spec } of found) console.log(describe(folder, spec));
  if (found.length === 0)
    console.log(`Not installed in:\n${folders.map((folder) => `  ${folder}`).join("\n")}`);
  return found.length > 0 && found.every(({ spec }) => missing(spec).length === 0) ? 0 : 1;
}

/** The kernels of ours below these folders. */
export function ourSpecs(folders: string[]): { folder: string; spec: KernelSpec }[] {
  return folders.filter(existsSync).flatMap((kernels) =>
    readdirSync(kernels).flatMap((name) => {
      const folder = join(kernels, name);
      const spec = readSpec(folder);
      return spec && isOurs(spec) ? [{ folder, spec }] : [];
    }),
  );
}

function describe(folder: string, spec: KernelSpec): string {
  const [node, program] = files(spec);
  const lines = [
    `${spec.display_name}: ${folder}`,
    `  version  ${spec.metadata.lectern?.version}`,
    `  node     ${node}`,
    `  kernel   ${program}${program === kernelProgram ? "" : "  (another copy of Lectern)"}`,
  ];
  for (const file of missing(spec)) lines.push(`  missing: ${file} — run \`lectern install\` again`);
  return lines.join("\n");
}

/** The Node and the kernel's program; options of Node stand between the two. */
function files({ argv }: KernelSpec): string[] {
  return [argv[0], argv.at(-2)].filter((file) => file !== undefined);
}

/** What the spec names and is not there any more. */
export function missing(spec: KernelSpec): string[] {
  return files(spec).filter((file) => !existsSync(file));
}
