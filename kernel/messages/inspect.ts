// inspect_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#introspection
import { helpAt } from "../magics/help.ts";
import { integerField, textField } from "./fields.ts";
import type { Handler } from "./handler.ts";
import { toUtf16 } from "./offsets.ts";

export const inspect: Handler = async (kernel, request) => {
  const code = textField(request, "code");
  const cursor = toUtf16(code, integerField(request, "cursor_pos", Number.POSITIVE_INFINITY));
  const cell = kernel.readMagics(code);
  const details = integerField(request, "detail_level", 0) > 0;
  const hover =
    helpAt(cell.magics, cursor) ?? (await kernel.language.hover(cell.text, cursor, kernel.live, details));
  const data = hover === null ? {} : { "text/plain": hover.plain, "text/markdown": hover.markdown };
  return { content: { status: "ok", found: hover !== null, data, metadata: {} } };
};
