// comm_close: https://jupyter-client.readthedocs.io/en/stable/messaging.html#tearing-down-comms
import type { Handler } from "./handler.ts";

export const commClose: Handler = async (kernel, request) => {
  await kernel.comms.receive("comm_close", request);
  return null;
};
