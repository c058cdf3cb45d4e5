// comm_open and comm_info_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
// The kernel has no comm targets, so whatever a front end opens is closed at once.
import type { Handler } from "./handler.ts";

export const commInfo: Handler = () => ({ content: { status: "ok", comms: {} } });

export const commOpen: Handler = (kernel, request) => {
  const { comm_id } = request.message.content;
  kernel.publish("comm_close", { comm_id, data: {} }, request.message.header);
  return null;
};

/** Messages to comms that do not exist. */
export const commIgnored: Handler = () => null;
