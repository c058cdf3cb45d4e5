// %%writefile: the rest of the cell becomes a file.
import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
import { fileProblem, pathIn } from "./files.ts";
import { type Magic, MagicError } from "./magic.ts";

export const writefile: Magic = {
  name: "writefile",
  marks: ["%%"],
  usage: "%%writefile file · %%writefile -a file",
  summary: "writes the rest of the cell to a file, or with -a to its end, byte for byte",
  argument: /^(?:(?:-a|--append)\s+(?=\S))?(?!-a\b|--append\b)\S/,
  completes: "file",
  run(user, argument, { body = "" }) {
    const [, append, name = ""] = /^(-a\s+|--append\s+)?(.*)$/s.exec(argument) ?? [];
    const path = pathIn(name);
    const exists = existsSync(path);
    try {
      if (append) appendFileSync(path, endsWithinLine(path) ? `\n${body}` : body);
      else writeFileSync(path, body);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const problem =
        code === "ENOENT" ? `There is no folder for ${path}; !mkdir makes it.` : fileProblem(error, path);
      throw new MagicError(`%%writefile: ${problem}`);
    }
    user.print(`${append ? "Appending to" : exists ? "Overwriting" : "Writing"} ${path}\n`);
  },
};

/** Cells rarely end with a line end; what is appended starts on a line of its own all the same. */
function endsWithinLine(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== "\n";
  } finally {
    closeSync(file);
  }
}
