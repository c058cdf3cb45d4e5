// %reset: a clean slate. A new process, because only that ends timers, servers and child processes too.
import type { Magic } from "./magic.ts";

export const reset: Magic = {
  name: "reset",
  marks: ["%"],
  usage: "%reset",
  summary: "forgets all names; the cells go on in a new process",
  details:
    "Timers, servers and child processes of the cells end, and the folder is the notebook's own again.",
  argument: /^(?:-f)?$/, // IPython asks whether one is sure, unless told not to
  prepare(kernel) {
    kernel.restartUser();
    return "All names are forgotten: the cells run in a new process.\n";
  },
};
