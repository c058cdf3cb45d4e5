// comm_open: https://jupyter-client.readthedocs.io/en/stable/messaging.html#opening-a-comm
import type { Handler } from "./handler.ts";

export const commOpen: Handler = async (kernel, request) => {
  await kernel.comms.open(request);
  return null;
};
