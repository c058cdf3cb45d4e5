// comm_msg: https://jupyter-client.readthedocs.io/en/stable/messaging.html#comm-messages
import type { Handler } from "./handler.ts";

export const commMsg: Handler = async (kernel, request) => {
  await kernel.comms.receive("comm_msg", request);
  return null;
};
