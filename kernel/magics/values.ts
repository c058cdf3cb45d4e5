// A value in one short line, without running anything of the user's: no getter, no proxy trap, no method.
import { types } from "node:util";

const LONGEST = 60;
const MOST_MEMBERS = 5;

const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype);
const lengthOf = nativeGetter(TYPED_ARRAY, "length");
const mapSize = nativeGetter(Map.prototype, "size");
const setSize = nativeGetter(Set.prototype, "size");
const { toString: sourceOf } = Function.prototype;
const { toISOString, getTime } = Date.prototype;

/** The name of the class, or of the type of a primitive value. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function") return isClass(value) ? "class" : "function";
  if (typeof value !== "object") return typeof value;
  if (types.isProxy(value)) return "Proxy";
  for (let object: object | null = value; object !== null; object = Object.getPrototypeOf(object)) {
    if (types.isProxy(object)) return "object";
    const type: unknown = Object.getOwnPropertyDescriptor(object, "constructor")?.value;
    if (typeof type !== "function" || types.isProxy(type)) continue;
    const name: unknown = Object.getOwnPropertyDescriptor(type, "name")?.value;
    if (typeof name === "string" && name !== "") return name;
  }
  return "object";
}

export function shortValue(value: unknown): string {
  const text = described(value, 1).replace(/\s+/g, " ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** `depth`: how far to look into objects. */
function described(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.slice(0, LONGEST));
    case "bigint":
      return `${value}n`;
    case "function":
      return types.isProxy(value) ? "Proxy" : sourceOf.call(value).slice(0, 2 * LONGEST);
    case "object":
      return value === null ? "null" : describedObject(value, depth);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function describedObject(value: object, depth: number): string {
  const type = typeName(value);
  if (types.isProxy(value)) return type;
  if (types.isMap(value)) return `${type}(${mapSize.call(value)})`;
  if (types.isSet(value)) return `${type}(${setSize.call(value)})`;
  if (types.isDate(value))
    return Number.isNaN(getTime.call(value)) ? "Invalid Date" : toISOString.call(value);
  if (types.isNativeError(value)) return `${type}: ${member(value, "message", 0)}`;
  if (types.isPromise(value)) return type;
  const length = types.isTypedArray(value)
    ? Number(lengthOf.call(value))
    : Array.isArray(value)
      ? Number(Object.getOwnPropertyDescriptor(value, "length")?.value)
      : null;
  if (depth === 0) return length === null ? (type === "Object" ? "{…}" : type) : `${type}(${length})`;
  if (length !== null) {
    const count = Math.min(length, MOST_MEMBERS);
    const shown = Array.from({ length: count }, (_, index) => member(value, String(index), depth - 1));
    if (length > count) shown.push("…");
    return `${type}(${length}) [${shown.join(", ")}]`;
  }
  const keys = Object.keys(value);
  const shown = keys.slice(0, MOST_MEMBERS).map((key) => `${key}: ${member(value, key, depth - 1)}`);
  if (keys.length > MOST_MEMBERS) shown.push("…");
  const body = shown.length === 0 ? "{}" : `{ ${shown.join(", ")} }`;
  return type === "Object" || type === "object" ? body : `${type} ${body}`;
}

function member(value: object, key: string, depth: number): string {
  const property = Object.getOwnPropertyDescriptor(value, key);
  if (property === undefined) return "(empty)";
  return "value" in property ? described(property.value, depth) : "(getter)";
}

function isClass(value: object): boolean {
  return !types.isProxy(value) && /^class\b/.test(sourceOf.call(value));
}

function nativeGetter(object: object, name: string): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.get as (this: unknown) => unknown;
}
