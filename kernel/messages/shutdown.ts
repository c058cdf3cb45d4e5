// shutdown_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-shutdown
import type { Handler } from "./handler.ts";

export const shutdown: Handler = (kernel, request) => {
  const content = { status: "ok", restart: request.message.content.restart === true };
  kernel.publish("shutdown_reply", content, request.message.header); // for the other clients
  kernel.exitSoon();
  return { content };
};
