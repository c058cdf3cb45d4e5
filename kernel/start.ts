// Puts the kernel together: sockets, user's process and language server start at the same time.
import { warmUp } from "./cell/compile.ts";
import { Kernel } from "./messages/kernel.ts";
import { watchParent } from "./process/parent.ts";
import { type Connection, ConnectionError, readConnection } from "./wire/connection.ts";
import { Sockets } from "./wire/sockets.ts";

/** After a restart the process before this one may take a moment to leave the ports. */
const PORT_PATIENCE_MS = 3000;

/** Resolves when the kernel is listening; ends the process with one sentence if it cannot. */
export async function startKernel(connectionFile: string | undefined): Promise<void> {
  let connection: Connection;
  try {
    if (connectionFile === undefined) {
      throw new ConnectionError("No connection file was given; Jupyter starts the kernel with one.");
    }
    connection = readConnection(connectionFile);
    await listen(connection);
  } catch (error) {
    process.stderr.write(`${error instanceof ConnectionError ? error.message : (error as Error).stack}\n`);
    process.exit(1);
  }
}

async function listen(connection: Connection): Promise<void> {
  const log = (text: string) => process.stderr.write(`[lectern] ${text.trimEnd()}\n`);
  const kernel: Kernel = new Kernel({
    directory: process.cwd(),
    key: connection.key,
    send: (channel, frames) => sockets.send(channel, frames),
    log,
    exit,
  });
  const sockets = new Sockets({
    received: (channel, frames) => kernel.receive(channel, frames),
    subscribed: (topic) => kernel.welcome(topic),
    log,
  });

  function exit(): void {
    kernel.user.stop();
    const stopped = Promise.all([kernel.language.stop(), sockets.close()]);
    const limit = new Promise((resolve) => setTimeout(resolve, 1000));
    void Promise.race([stopped, limit]).then(() => process.exit(0));
  }

  process.on("SIGINT", () => kernel.executions.interrupt());
  process.on("SIGTERM", exit);
  process.on("exit", () => kernel.user.stop());
  watchParent(exit);

  kernel.start();
  try {
    await sockets.open(connection, PORT_PATIENCE_MS);
  } catch (error) {
    kernel.user.stop();
    throw error;
  }
  kernel.publish("status", { execution_state: "starting" }, null);
  warmUp();
}
