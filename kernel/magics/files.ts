// File names as they are written behind a magic.
import { homedir } from "node:os";
import { join } from "node:path";

/** `~` is the home folder; quotes are not part of a name. */
export function pathIn(argument: string): string {
  const path = argument.replace(/^(["'])(.*)\1$/, "$2");
  return path === "~" || /^~[/\\]/.test(path) ? join(homedir(), path.slice(1)) : path;
}

/** What is wrong with a file, in words. */
export function fileProblem(error: unknown, path: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return `There is no ${path}.`;
    case "EISDIR":
      return `${path} is a folder.`;
    case "ENOTDIR":
      return `${path} is not a folder.`;
    case "EACCES":
    case "EPERM":
      return `${path} may not be opened (${code}).`;
    default:
      return message;
  }
}
