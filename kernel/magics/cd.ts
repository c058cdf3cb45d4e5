// %cd: the folder in which files and commands are looked for.
import { homedir } from "node:os";
import { fileProblem, pathIn } from "./files.ts";
import { type Magic, MagicError } from "./magic.ts";

let previous: string | null = null;

export const cd: Magic = {
  name: "cd",
  marks: ["%"],
  usage: "%cd folder · %cd · %cd -",
  summary: "goes to a folder, to the home folder, or back to the one before; prints where that is",
  details: "Files and commands are looked for there. Imports go on from the notebook's own folder.",
  argument: /^/,
  completes: "folder",
  run(user, argument) {
    const here = process.cwd();
    if (argument === "-" && previous === null)
      throw new MagicError("%cd - goes back to the folder before, and there is none yet.");
    const folder = argument === "" ? homedir() : argument === "-" ? (previous as string) : pathIn(argument);
    try {
      process.chdir(folder);
    } catch (error) {
      throw new MagicError(`%cd: ${fileProblem(error, folder)} The folder is still ${here}.`);
    }
    previous = here;
    user.print(`${process.cwd()}\n`);
  },
};
