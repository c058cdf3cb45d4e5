// JSON objects over a pipe, one a line: the reading half.
import type { Readable } from "node:stream";

/**
 * Calls `receive` with every object that comes in; a line that is none goes to `stray`. The pipes of the user's process
 * are open files of that process, and a cell can write into them.
 */
export function readJsonLines<Message>(
  stream: Readable,
  receive: (message: Message) => void,
  stray: (line: string) => void = () => {},
): void {
  let line = "";
  const take = () => {
    if (line === "") return;
    const message = parsed(line);
    if (message === null) stray(line);
    else receive(message as Message);
  };
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    // Only the chunk is searched: a line of many megabytes comes in thousands of chunks.
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      line += chunk.slice(start, end);
      start = end + 1;
      take();
      line = "";
    }
    line += chunk.slice(start);
  });
}

function parsed(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
