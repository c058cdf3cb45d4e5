// The sidecar's half of looking at values: it asks through the inspector, so it works while the main thread runs a cell.
import type { Runtime, Session } from "node:inspector";
import type { Look, LookRequest } from "../process/protocol.ts";
import { makeLook } from "./look.ts";

type Found = Runtime.EvaluateReturnType;

export class Looker {
  readonly #inspector: Session;
  #look: string | undefined;

  constructor(inspector: Session) {
    this.#inspector = inspector;
  }

  /** To be called before the first cell runs: a cell may break what looking needs. */
  prepare(): void {
    const expression = `(${makeLook})()`;
    this.#inspector.post("Runtime.evaluate", { expression }, (error, answer) => {
      if (!error) this.#look = answer.result.objectId;
    });
  }

  look({ slot, steps }: LookRequest, answer: (look: Look | null) => void): void {
    const objectId = this.#look;
    if (objectId === undefined) {
      answer(null);
    } else if (slot === null) {
      this.#ask(objectId, {}, steps, answer);
    } else {
      // To read a variable runs nothing; should the name turn out to be a getter, it is not called.
      const question = { expression: slot, objectGroup: "look", silent: true, throwOnSideEffect: true };
      this.#inspector.post("Runtime.evaluate", question, (error: Error | null, found: Found) => {
        if (error || found.exceptionDetails) answer(null);
        else this.#ask(objectId, argument(found.result), steps, answer);
      });
    }
  }

  #ask(
    objectId: string,
    root: Runtime.CallArgument,
    steps: LookRequest["steps"],
    answer: (look: Look | null) => void,
  ): void {
    const question = {
      objectId,
      functionDeclaration: "function (root, steps) { return this(root, steps); }",
      arguments: [root, { value: steps }],
      returnByValue: true,
      silent: true,
    };
    this.#inspector.post("Runtime.callFunctionOn", question, (error: Error | null, found: Found) => {
      answer(error || found.exceptionDetails ? null : (found.result.value as Look | null));
    });
    this.#inspector.post("Runtime.releaseObjectGroup", { objectGroup: "look" });
  }
}

function argument({ objectId, unserializableValue, value }: Runtime.RemoteObject): Runtime.CallArgument {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value } : { unserializableValue };
}
