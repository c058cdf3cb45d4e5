// Start here: the user's process. The sidecar thread starts while the main thread is still loading what it needs.
import "./link.ts";

await import("./main-thread.ts");
