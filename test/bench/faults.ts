// Interrupts, heartbeats of a busy kernel, and what an idle one takes, against ipykernel and tslab (faults.py). A kernel
// that does not end a cell within 5 seconds, or loses its variables over it, “fails”.
import type { Peers } from "./peers.ts";
import { median, type Row, say } from "./table.ts";

const ROWS = {
  loop: ["kernel: interrupt of a loop", "ms", 1000],
  pending: ["kernel: interrupt of a pending await", "ms", 1000],
  after: ["kernel: interrupt of a loop after an await", "ms", 1000],
  busy: ["kernel: heartbeat during a busy cell", "ms", 1000],
  flood: ["kernel: heartbeat during a flood of output", "ms", 1000],
  idle: ["kernel: processor when idle", "%", 100],
  memory: ["kernel: memory of all processes", "MB", 1],
} as const;

type Figures = Record<keyof typeof ROWS, number[]>;

export function benchFaults(peers: Peers): Row[] {
  say("kernels: interrupts, heartbeats, idle …");
  const figures = peers.ask<Record<string, Figures>>("faults.py", [...peers.names]);
  return Object.entries(ROWS).map(([field, [name, unit, factor]]) => {
    const of = (kernel: string) => {
      const values = figures[kernel]![field as keyof Figures];
      return values.length > 0 ? median(values) * factor : null;
    };
    const peer = (kernel: string) => of(kernel) ?? "fails";
    return {
      name,
      unit,
      lectern: of("lectern") ?? Number.NaN,
      peers: { ipykernel: peer("python3"), tslab: peer("tslab") },
    };
  });
}
