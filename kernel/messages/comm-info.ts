// comm_info_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#comm-info
import type { Handler } from "./handler.ts";

export const commInfo: Handler = (kernel, request) => {
  const { target_name } = request.message.content;
  const comms = kernel.comms.info(typeof target_name === "string" ? target_name : null);
  return { content: { status: "ok", comms } };
};
