// history_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#history
import type { Query } from "../history/history.ts";
import { BadRequest, integerField, textField } from "./fields.ts";
import type { Handler, Request } from "./handler.ts";

/** As many as ipykernel gives to those who do not say. */
const TAIL = 10;

export const history: Handler = async (kernel, request) => {
  const withOutput = request.message.content.output === true;
  const rows = await kernel.history.find(queryOf(request));
  const shown = rows.map(({ session, line, input, output }) => [
    session,
    line,
    withOutput ? [input, output] : input,
  ]);
  return { content: { status: "ok", history: shown } };
};

function queryOf(request: Request): Query {
  const { hist_access_type: type, pattern, unique } = request.message.content;
  if (type === "tail") return { type, n: integerField(request, "n", TAIL) };
  if (type === "range") {
    return {
      type,
      session: integerField(request, "session", 0),
      start: integerField(request, "start", 1),
      stop: integerField(request, "stop", null),
    };
  }
  if (type === "search") {
    const glob = pattern === undefined ? "*" : textField(request, "pattern");
    return { type, pattern: glob, n: integerField(request, "n", null), unique: unique === true };
  }
  throw new BadRequest('history_request: "hist_access_type" has to be "range", "tail" or "search"');
}
