// Setting right what an interrupted cell leaves behind. A notebook's interrupt ends JavaScript where it stands: no
// `finally` runs, so a scope or noGrad would stay in force for all later cells.

const resets: (() => void)[] = [];
let scheduled = false;

/** Registers what puts a module's state back to rest. */
export function whenIdle(reset: () => void): void {
  resets.push(reset);
}

/**
 * To be called right before a synchronous stretch of work that changes module state. Once the running job has ended, with
 * a timer, no such stretch can be on the stack any more: whatever is still in force then was interrupted.
 *
 * An interrupt may come in here, too, and what an interrupted cell left behind may get no timer (`setTimeout` throws). So
 * nothing has changed before the timer is there.
 */
export function resetWhenIdle(): void {
  if (scheduled) return;
  setTimeout(() => {
    scheduled = false;
    for (const reset of resets) reset();
  }, 0);
  scheduled = true;
}

/** Refuses asynchronous functions where work has to be over when the function returns. */
export function checkSynchronous<T>(name: string, result: T): T {
  if (result instanceof Promise) {
    throw new TypeError(
      `${name}: the function must not be async — await first, and do the arithmetic inside`,
    );
  }
  return result;
}
