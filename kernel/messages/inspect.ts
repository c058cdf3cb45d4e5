// inspect_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#introspection
import { type Handler, textField } from "./handler.ts";
import { toUtf16 } from "./offsets.ts";

export const inspect: Handler = async (kernel, request) => {
  const code = textField(request, "code");
  const cursor = toUtf16(code, Number(request.message.content.cursor_pos ?? 0));
  const hover = await kernel.language.hover(code, cursor);
  const data = hover === null ? {} : { "text/plain": hover.plain, "text/markdown": hover.markdown };
  return { content: { status: "ok", found: hover !== null, data, metadata: {} } };
};
