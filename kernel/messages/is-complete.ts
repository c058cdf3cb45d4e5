// is_complete_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#code-completeness
import { isComplete as completenessOf } from "../cell/complete.ts";
import { textField } from "./fields.ts";
import type { Handler } from "./handler.ts";

export const isComplete: Handler = (_kernel, request) => {
  const { status, indent } = completenessOf(textField(request, "code"));
  return { content: status === "incomplete" ? { status, indent } : { status } };
};
