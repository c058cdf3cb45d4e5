// Start here: connection file → sockets → kernel. `node kernel/main.ts <connection file>`
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// Before the rest is loaded, so that it comes from the cache; the user's process gets the same one.
const cache =
  process.env.NODE_COMPILE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "lectern");
process.env.NODE_COMPILE_CACHE = cache;
enableCompileCache(cache);
const { startKernel } = await import("./start.ts");
await startKernel(process.argv[2]);
