// The kernel against ipykernel and tslab: all driven by the same Python client, in turns (kernels.py).
import type { Peers } from "./peers.ts";
import { median, type Row, say } from "./table.ts";

const ROWS = {
  ready: "kernel: process start to ready",
  start: "kernel: process start to first result",
  checked: "kernel: round trip of 1+1, types checked",
  unchecked: "kernel: round trip of 1+1, types unchecked",
};

type Times = Record<keyof typeof ROWS, number[]>;

export function benchKernels(peers: Peers): Row[] {
  say("kernels: start and round trip …");
  const times = peers.ask<Record<string, Times>>("kernels.py", [...peers.names]);
  return Object.entries(ROWS).map(([field, name]) => {
    const of = (kernel: string) => median(times[kernel]![field as keyof Times]) * 1000;
    return {
      name,
      unit: "ms",
      lectern: of("lectern"),
      peers: { ipykernel: of("python3"), tslab: of("tslab") },
    };
  });
}
