// complete_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#completion
import { completeMagic } from "../magics/complete.ts";
import { integerField, textField } from "./fields.ts";
import type { Handler } from "./handler.ts";
import { toCodePoints, toUtf16 } from "./offsets.ts";

export const complete: Handler = async (kernel, request) => {
  const code = textField(request, "code");
  const cursor = toUtf16(code, integerField(request, "cursor_pos", Number.POSITIVE_INFINITY));
  const cell = kernel.readMagics(code);
  const { start, end, items } =
    completeMagic(cell, cursor, () => kernel.user.folder) ??
    (await kernel.language.complete(cell.text, cursor, kernel.live));
  const [cursor_start, cursor_end] = [toCodePoints(code, start), toCodePoints(code, end)];
  return {
    content: {
      status: "ok",
      matches: items.map((item) => item.text),
      cursor_start,
      cursor_end,
      metadata: {
        _jupyter_types_experimental: items.map((item) => ({ ...item, start: cursor_start, end: cursor_end })),
      },
    },
  };
};
