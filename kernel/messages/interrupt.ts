// interrupt_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-interrupt
import type { Handler } from "./handler.ts";

export const interrupt: Handler = (kernel) => {
  kernel.executions.interrupt();
  return { content: { status: "ok" } };
};
