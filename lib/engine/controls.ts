// `engine`: what a person may ask of the compute engine, and tell it.
import { engine } from "./engine.ts";
import { EngineReport } from "./report.ts";
import { measureGigaflops } from "./speed.ts";

const MEASURED_MS = 100;

/** By number of threads. */
const measured = new Map<number, number>();

/**
 * On which path the compute engine runs and why, on how many threads, how fast, and with how much memory. The speed is
 * measured at the first call with a number of threads, which takes about 0.2 s. As a cell's value it is a table.
 *
 * @throws when there is no compute core, or when LECTERN_THREADS or LECTERN_SIMD make no sense.
 * @example
 * engine.setThreads(1);
 * const { threads, threadsReason, gigaflops, bytesInUse, limitBytes } = engine.info();
 * threads // → 1
 * threadsReason // → 'setThreads(1)'
 * gigaflops > 0 && bytesInUse < limitBytes // → true
 */
export function info(): EngineReport {
  // Before the measurement, which takes memory of its own.
  const { bytesInUse, peakBytes, reservedBytes, threads, threadsWanted } = engine.info();
  let gigaflops = threads === threadsWanted ? measured.get(threads) : undefined;
  if (gigaflops === undefined) {
    gigaflops = measureGigaflops(engine, MEASURED_MS);
    measured.set(engine.info().threads, gigaflops);
  }
  return new EngineReport({ ...engine.info(), bytesInUse, peakBytes, reservedBytes }, gigaflops);
}

/**
 * Sets on how many threads the following operations run, the calling one included; new ones take part as soon as they have
 * started. Results do not depend on it. Where memory cannot be shared between threads, it stays at one.
 *
 * @throws RangeError when `count` is no whole number from 1 to 256.
 * @example
 * engine.setThreads(1);
 * engine.info().threads // → 1
 */
export function setThreads(count: number): void {
  engine.setThreads(count);
}
