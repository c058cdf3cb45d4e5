// Puts the kernel together. The order is that of what is waited for: the language server takes longest to start, then
// the front end tries to connect, then it asks.
import { watchParent } from "./process/parent.ts";
import { type Connection, ConnectionError, portsOf, readConnection } from "./wire/connection.ts";

/** After a restart the process before this one may take a moment to leave the ports. */
const PORT_PATIENCE_MS = 3000;
/** So long the end waits for what is still to be sent, and for the history to be written; Jupyter would wait for five seconds. */
const EXIT_LIMIT_MS = 3000;

/** Resolves when the kernel is listening; ends the process with one sentence if it cannot. */
export async function startKernel(connectionFile: string | undefined): Promise<void> {
  try {
    if (connectionFile === undefined) {
      throw new ConnectionError("No connection file was given; Jupyter starts the kernel with one.");
    }
    await listen(readConnection(connectionFile));
  } catch (error) {
    process.stderr.write(`${error instanceof ConnectionError ? error.message : (error as Error).stack}\n`);
    process.exit(1);
  }
}

async function listen(connection: Connection): Promise<void> {
  const log = (text: string) => process.stderr.write(`[lectern] ${text.trimEnd()}\n`);
  const directory = process.cwd();
  const { Language } = await import("./language/language.ts");
  const language = new Language({ directory });
  language.start();

  const { Sockets } = await import("./wire/sockets.ts");
  const sockets = new Sockets(connection, log);
  const loading = Promise.all([
    import("./messages/kernel.ts"),
    import("./cell/compile.ts"),
    import("./history/history.ts"),
  ]);
  await sockets.bind(PORT_PATIENCE_MS);
  const [{ Kernel }, { warmUp }, { History, historyFile }] = await loading;
  const history = new History(historyFile(), log);

  const kernel = new Kernel({
    directory,
    language,
    key: connection.key,
    ports: portsOf(connection),
    history,
    send: (channel, frames) => sockets.send(channel, frames),
    log,
    exit,
  });
  function exit(): void {
    kernel.user.stop();
    const stopped = Promise.all([language.stop(), sockets.close(), history.close()]);
    const limit = new Promise((resolve) => setTimeout(resolve, EXIT_LIMIT_MS));
    void Promise.race([stopped, limit]).then(() => process.exit(0));
  }
  process.on("SIGINT", () => kernel.executions.interrupt());
  process.on("SIGTERM", exit);
  process.on("exit", () => kernel.user.stop());
  watchParent(exit);
  // From here on there are variables to lose: a fault of the kernel itself ends what it was doing and nothing more.
  process.on("uncaughtException", (error) => log(`a fault of the kernel: ${error?.stack ?? error}`));
  process.stderr.on("error", () => {}); // nobody reads the log any more

  kernel.user.start();
  // The welcome comes before anything else, and "starting" before what is said of the first request.
  let isHeard = false;
  await sockets.greet((topic) => {
    isHeard = true;
    kernel.welcome(topic);
  });
  // With nobody there, only a client could hear it that subscribes at this very moment: before its welcome.
  if (isHeard) kernel.publish("status", { execution_state: "starting" }, null);
  sockets.listen((channel, frames) => kernel.receive(channel, frames));
  warmUp().catch((error) => log(`the compiler did not start: ${error}`)); // the first cell tries again
}
