// is_complete_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#code-completeness
import { isComplete as completenessOf } from "../cell/complete.ts";
import { textField } from "./fields.ts";
import type { Handler } from "./handler.ts";

export const isComplete: Handler = (kernel, request) => {
  const cell = kernel.readMagics(textField(request, "code"));
  const { status, indent } = cell.isUnfinished
    ? { status: "incomplete", indent: "" }
    : completenessOf(cell.text);
  return { content: status === "incomplete" ? { status, indent } : { status } };
};
