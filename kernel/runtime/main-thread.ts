// The main thread of the user's process, on which the cells run: puts its parts together.
import { flushCompileCache } from "node:module";
import { setTimeout } from "node:timers";
import { deliverComm, installComms } from "./comms.ts";
import { installDisplay } from "./display.ts";
import { evaluate } from "./evaluate.ts";
import { installGuards } from "./guard.ts";
import { installInput, settleQuestion } from "./input.ts";
import { openLink, send } from "./link.ts";
import { installMagics } from "./magics.ts";
import { installModules } from "./modules.ts";
import { captureOutput } from "./output.ts";
import { stopRuns } from "./run.ts";
import { guardTicks, guardTimers } from "./timers.ts";

openLink((message) => {
  if (message.type === "run") {
    evaluate(message.run, message.cell);
  } else if (message.type === "comm") {
    deliverComm(message);
  } else {
    stopRuns(message.run);
    send({ type: "pong", run: message.run });
  }
}, settleQuestion);
delete process.env.NODE_COMPILE_CACHE; // was for these files, not for programs that a cell starts
Error.stackTraceLimit = 50; // a library's frames must not push the cell's out of the stack
captureOutput();
installGuards();
guardTimers();
guardTicks();
installModules();
installDisplay();
installInput();
installMagics();
installComms();
send({ type: "ready" });
// Node keeps what it compiled when a process ends by itself, which this one hardly ever does.
setTimeout(flushCompileCache, 1000).unref();
