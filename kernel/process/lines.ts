// JSON objects over a pipe, one a line: the reading half.
import type { Readable } from "node:stream";

/** Calls `receive` with every object that comes in. */
export function readJsonLines<Message>(stream: Readable, receive: (message: Message) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "") receive(JSON.parse(line) as Message);
    }
  });
}
