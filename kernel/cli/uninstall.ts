// `lectern uninstall`: removes the kernelspec that `lectern install` wrote.
import { rmSync } from "node:fs";
import { CommandError } from "./error.ts";
import { defaultName, isOurs, kernelsFolder, type Place, readSpec, specFolder } from "./kernelspec.ts";

export function uninstall(options: { place: Place; name?: string }): number {
  const folder = specFolder(kernelsFolder(options.place), options.name ?? defaultName);
  const spec = readSpec(folder);
  if (!spec) throw new CommandError(`There is no kernel in ${folder}. \`lectern status\` says where one is.`);
  if (!isOurs(spec))
    throw new CommandError(`${folder} holds another kernel (${spec.display_name}): it stays where it is.`);
  rmSync(folder, { recursive: true });
  console.log(`Removed ${folder}`);
  return 0;
}
