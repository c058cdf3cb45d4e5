// JSON objects over a pipe, one a line: the reading half.
import type { Readable } from "node:stream";

/** Calls `receive` with every object that comes in. */
export function readJsonLines<Message>(stream: Readable, receive: (message: Message) => void): void {
  let line = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    // Only the chunk is searched: a line of many megabytes comes in thousands of chunks.
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      line += chunk.slice(start, end);
      start = end + 1;
      if (line !== "") receive(JSON.parse(line) as Message);
      line = "";
    }
    line += chunk.slice(start);
  });
}
