// The steps by which a running cell is stopped, each harsher than the one before.

export interface InterruptSteps {
  /** Ends the JavaScript that is running; harmless if none is. */
  terminate(): void;
  /** Interrupts the child processes of the cell, one of which it may be waiting for. */
  signal(): void;
  /** Gives the process up. */
  restart(): void;
}

const RETRY_MS = 100;
const SIGNAL_AFTER_MS = 500;
const RESTART_AFTER_MS = 5000;

/**
 * Starts the steps; the returned function ends them, to be called when the cell has stopped. Termination is repeated
 * because a tick or stream loop may survive one.
 */
export function startInterrupt(steps: InterruptSteps): () => void {
  const started = performance.now();
  let signalled = false;
  steps.terminate();
  const timer = setInterval(() => {
    const elapsed = performance.now() - started;
    if (elapsed >= RESTART_AFTER_MS) {
      clearInterval(timer);
      steps.restart();
      return;
    }
    if (elapsed >= SIGNAL_AFTER_MS && !signalled) {
      signalled = true;
      steps.signal();
    }
    steps.terminate();
  }, RETRY_MS);
  return () => clearInterval(timer);
}
