// `npm run bench`: Lectern against its peers on this machine. Usage: bench.ts PYTHON [--json]

import { benchConvolution } from "./convolution.ts";
import { benchEngine } from "./engine.ts";
import { benchFaults } from "./faults.ts";
import { benchKernels } from "./kernels.ts";
import { benchLanguage } from "./language.ts";
import { benchLoops } from "./loops.ts";
import { Peers } from "./peers.ts";
import { benchRecurrent } from "./recurrent.ts";
import { asJson, asTable } from "./table.ts";
import { benchTensorflow } from "./tensorflow.ts";
import { benchTraining } from "./training.ts";

const [python, format] = process.argv.slice(2);
if (python === undefined) throw new Error("Usage: bench.ts PYTHON [--json] — or: npm run bench");
const peers = new Peers(python);
try {
  const rows = [
    ...benchKernels(peers),
    ...benchLanguage(peers),
    ...benchFaults(peers),
    ...(await benchEngine(python)),
    ...(await benchTraining(python)),
    ...(await benchLoops()),
    ...(await benchConvolution(python)),
    ...(await benchRecurrent(python)),
    ...(await benchTensorflow()),
  ];
  console.log(format === "--json" ? asJson(rows) : asTable(rows));
} finally {
  peers.remove();
}
