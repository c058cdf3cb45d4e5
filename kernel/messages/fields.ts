// The fields of a request, which may hold anything: read here, or refused with a sentence about what is wrong.
import type { Request } from "./handler.ts";

/** A request that does not say what its type has to say; the sentence goes back as the reply. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/** A text that must be there. */
export function textField(request: Request, field: string): string {
  const value = request.message.content[field];
  return typeof value === "string" ? value : refuse(request, field, "a text");
}

/** A whole number, one that can be counted with; `fallback` if the field is not there. */
export function integerField<Fallback>(
  request: Request,
  field: string,
  fallback: Fallback,
): number | Fallback {
  const value = request.message.content[field] ?? null;
  if (value === null) return fallback;
  if (typeof value !== "number") return refuse(request, field, "a number");
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.trunc(value)));
}

/** An object; empty if the field is not there. */
export function objectField(request: Request, field: string): Readonly<Record<string, unknown>> {
  const value = request.message.content[field] ?? {};
  if (typeof value !== "object" || Array.isArray(value)) return refuse(request, field, "an object");
  return value as Readonly<Record<string, unknown>>;
}

/** An object with texts in it; empty if the field is not there. */
export function textsField(request: Request, field: string): readonly (readonly [string, string])[] {
  const value = request.message.content[field] ?? {};
  if (typeof value !== "object" || Array.isArray(value)) return refuse(request, field, "an object of texts");
  return Object.entries(value).map(([name, text]) =>
    typeof text === "string" ? [name, text] : refuse(request, `${field}.${name}`, "a text"),
  );
}

function refuse(request: Request, field: string, expected: string): never {
  const { header, content } = request.message;
  const found = Object.hasOwn(content, field) ? `not ${kindOf(content[field])}` : "which is missing";
  throw new BadRequest(`${header.msg_type}: "${field}" has to be ${expected}, ${found}`);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
