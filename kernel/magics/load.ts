// %load: the text of a file takes the place of the cell.
import { readFileSync } from "node:fs";
import { fileProblem, pathIn } from "./files.ts";
import { type Magic, MagicError } from "./magic.ts";

export const load: Magic = {
  name: "load",
  marks: ["%"],
  usage: "%load file",
  summary: "puts the text of a file in place of the cell",
  argument: /^\S/,
  completes: "file",
  run(user, argument) {
    const path = pathIn(argument);
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      throw new MagicError(`%load: ${fileProblem(error, path)}`);
    }
    user.payload({ source: "set_next_input", text: `// %load ${argument}\n${text}`, replace: true });
  },
};
