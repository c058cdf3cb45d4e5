// connect_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#connect
import type { Handler } from "./handler.ts";

export const connect: Handler = (kernel) => ({ content: { status: "ok", ...kernel.ports } });
