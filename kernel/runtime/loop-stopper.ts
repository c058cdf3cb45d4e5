// Stops a loop at the top level of a cell; what it holds in local variables goes back to the slots (cell/loops.ts).
import { type Debugger, type InspectorNotification, Session } from "node:inspector";

/**
 * A native call in the loop has to end first, and a busy machine takes its time. After this the loop is terminated as it
 * is, before the kernel replaces the process.
 */
const PATIENCE_MS = 2500;

export class LoopStopper {
  /** Wakes a main thread that is waiting for a reply of the kernel, so that it can pause. */
  readonly #wake: () => void;

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  /** `save` is evaluated in the loop, then the script is terminated; `done` is told whether that was possible. One stop at a time. */
  stop(save: string, done: (stopped: boolean) => void): void {
    // A session of its own: its end leaves nothing behind that could pause another cell.
    const session = new Session();
    session.connectToMainThread();
    const end = (stopped: boolean) => {
      clearTimeout(timer);
      session.disconnect();
      done(stopped);
    };
    const timer = setTimeout(end, PATIENCE_MS, false);
    session.once("Debugger.paused", ({ params }: InspectorNotification<Debugger.PausedEventDataType>) => {
      saveIn(session, params.callFrames, save, () =>
        session.post("Debugger.resume", { terminateOnResume: true }, () => end(true)),
      );
    });
    session.post("Debugger.enable");
    session.post("Debugger.pause", this.#wake);
  }
}

/** The saver can be seen in one frame: that of the cell's body. Above it are functions that the loop has called. */
function saveIn(session: Session, frames: Debugger.CallFrame[], expression: string, done: () => void): void {
  const [frame, ...outer] = frames;
  if (frame === undefined) {
    done();
    return;
  }
  const request = { callFrameId: frame.callFrameId, expression, silent: true };
  session.post("Debugger.evaluateOnCallFrame", request, (error, result) => {
    if (error || (result as Debugger.EvaluateOnCallFrameReturnType).exceptionDetails)
      saveIn(session, outer, expression, done);
    else done();
  });
}
