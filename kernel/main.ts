// Start here: connection file → sockets → kernel. `node kernel/main.ts <connection file>`
import { enableCompileCache, flushCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// Before the rest is loaded, so that it comes from the cache; the user's process gets the same one.
const cache =
  process.env.NODE_COMPILE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "lectern");
process.env.NODE_COMPILE_CACHE = cache;
enableCompileCache(cache);
const { startKernel } = await import("./start.ts");
await startKernel(process.argv[2]);
setTimeout(flushCompileCache, 2000).unref(); // Jupyter may kill the kernel, and then nothing is kept
