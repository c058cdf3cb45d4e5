// Looks at a value of a cell without running anything of the user's: no getter, no trap of a proxy, no method.
import type { Look, LookMember, LookStep } from "../process/protocol.ts";

/**
 * Makes the function that looks. It runs on the main thread, and the sidecar sends it there as text (sidecar.ts): so it
 * refers to nothing outside of itself. What it needs of the language is taken before a cell may have changed it.
 */
export function makeLook(): (root: unknown, steps: readonly LookStep[]) => Look | null {
  const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const { isDate, isMap, isNativeError, isPromise, isProxy, isSet, isTypedArray } =
    process.getBuiltinModule("node:util").types;
  const { isArray } = Array;
  const { stringify } = JSON;
  const box = Object;
  const text = String;
  const everything = globalThis;
  const objectPrototype = Object.prototype;
  const { slice, startsWith } = String.prototype;
  const { exec } = RegExp.prototype;
  const { get: mapGet, entries: mapEntries } = Map.prototype;
  const { values: setValues } = Set.prototype;
  type Next = () => { value: unknown; done: boolean };
  const nextOf = (iterator: object) => (getPrototypeOf(iterator) as { next: Next }).next;
  const mapNext = nextOf(new Map().entries());
  const setNext = nextOf(new Set().values());
  const sourceOf = Function.prototype.toString;
  const timeOf = Date.prototype.toISOString;
  const getter = (of: object, name: string) => getOwnPropertyDescriptor(of, name)?.get as () => number;
  const mapSize = getter(Map.prototype, "size");
  const setSize = getter(Set.prototype, "size");
  const viewLength = getter(getPrototypeOf(Uint8Array.prototype) as object, "length");
  const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

  const MOST_MEMBERS = 1000;
  const LONG_ARRAY = 1000;
  const SHOWN_PARTS = 6;
  const SHOWN_TEXT = 80;

  const isIdentifier = (name: string) => apply(exec, identifier, [name]) !== null;
  const isObject = (value: unknown): value is object =>
    (typeof value === "object" && value !== null) || typeof value === "function";

  function lengthOf(value: object): number | null {
    if (isTypedArray(value)) return apply(viewLength, value, []);
    return isArray(value) ? value.length : null;
  }

  /** The value of a property, without asking a getter or a proxy; null if that is not possible. */
  function property(of: unknown, key: string): { value: unknown } | null {
    if (of === null || of === undefined) return null;
    for (let object: object | null = box(of); object !== null; object = getPrototypeOf(object)) {
      if (isProxy(object)) return null;
      const found = getOwnPropertyDescriptor(object, key);
      if (found) return "value" in found ? { value: found.value } : null;
    }
    return null;
  }

  function nameOf(value: unknown): string {
    const name = isObject(value) && !isProxy(value) && getOwnPropertyDescriptor(value, "name")?.value;
    return typeof name === "string" ? name : "";
  }

  function kindOf(value: unknown): LookMember["type"] {
    if (typeof value !== "function") return "property";
    return isClass(value) ? "class" : "function";
  }

  function isClass(value: unknown): boolean {
    return !isProxy(value) && apply(startsWith, apply(sourceOf, value, []), ["class"]);
  }

  function membersOf(value: unknown): LookMember[] {
    const members: LookMember[] = [];
    const seen = { __proto__: null } as unknown as Record<string, true>;
    const first: object | null = isObject(value) ? value : getPrototypeOf(box(value));
    for (let object = first; object !== null; object = getPrototypeOf(object)) {
      if (isProxy(object) || object === objectPrototype) return members; // what every object has is not worth a list
      const isFirst = object === value;
      const length = lengthOf(object);
      if (isFirst && (isTypedArray(object) || (length !== null && length > LONG_ARRAY))) continue;
      const keys = ownKeys(object);
      for (let i = 0; i < keys.length && members.length < MOST_MEMBERS; i++) {
        const name = keys[i];
        if (typeof name !== "string" || name === "constructor" || seen[name]) continue;
        if (length !== null && !isIdentifier(name)) continue;
        seen[name] = true;
        const found = getOwnPropertyDescriptor(object, name);
        members[members.length] = { name, type: kindOf(found?.value), own: isFirst };
      }
    }
    return members;
  }

  function mapKeysOf(value: unknown): string[] {
    const keys: string[] = [];
    if (!isMap(value)) return keys;
    const iterator = apply(mapEntries, value, []);
    for (let i = 0; i < MOST_MEMBERS; i++) {
      const { value: entry, done } = apply(mapNext, iterator, []);
      if (done) break;
      const key = (entry as [unknown, unknown])[0];
      if (typeof key === "string") keys[keys.length] = key;
    }
    return keys;
  }

  function shortText(value: string): string {
    return value.length > SHOWN_TEXT ? `${apply(slice, value, [0, SHOWN_TEXT])}…` : value;
  }

  function preview(value: unknown, depth = 0): string {
    if (typeof value === "string") return stringify(shortText(value));
    if (typeof value === "bigint") return `${shortText(text(value))}n`;
    if (typeof value === "function" && !isProxy(value))
      return `${kindOf(value)} ${nameOf(value) || "(anonymous)"}`;
    if (!isObject(value)) return text(value);
    if (isProxy(value)) return "Proxy";
    return objectPreview(value, depth);
  }

  function objectPreview(value: object, depth: number): string {
    const length = lengthOf(value);
    const prototype = getPrototypeOf(value);
    const name = prototype === null ? "" : nameOf(property(value, "constructor")?.value);
    const isPlain = name === "Object" || name === "";
    if (isDate(value)) {
      try {
        return apply(timeOf, value, []);
      } catch {
        return "Invalid Date";
      }
    }
    if (isNativeError(value)) return `${name}: ${shortText(text(property(value, "message")?.value ?? ""))}`;
    if (isPromise(value)) return "Promise";
    const size = isMap(value) ? apply(mapSize, value, []) : isSet(value) ? apply(setSize, value, []) : length;
    const head = size === null ? name : name === "Array" && depth === 0 ? "" : `${name}(${size})`;
    if (depth > 0) return size === null ? `${isPlain ? "" : `${name} `}{…}` : head;
    const parts = isMap(value) || isSet(value) ? entryPreviews(value) : propertyPreviews(value, length);
    const [open, close] = length === null ? ["{ ", " }"] : ["[", "]"];
    const body = parts === "" ? (length === null ? "{}" : "[]") : `${open}${parts}${close}`;
    return isPlain || head === "" ? body : `${head} ${body}`;
  }

  function propertyPreviews(value: object, length: number | null): string {
    const keys = length === null ? ownKeys(value) : null;
    const count = keys?.length ?? (length as number);
    let parts = "";
    for (let i = 0; i < count; i++) {
      if (i === SHOWN_PARTS) return `${parts}, … ${count - i} more`;
      const key = keys ? (keys[i] as string | symbol) : text(i);
      const found = getOwnPropertyDescriptor(value, key);
      const shown = found && !("value" in found) ? "(getter)" : preview(found?.value, 1);
      const label = typeof key === "symbol" || isIdentifier(key) ? text(key) : stringify(key);
      parts += `${i > 0 ? ", " : ""}${keys ? `${label}: ` : ""}${shown}`;
    }
    return parts;
  }

  function entryPreviews(value: Map<unknown, unknown> | Set<unknown>): string {
    const iterator = isMap(value) ? apply(mapEntries, value, []) : apply(setValues, value, []);
    const next: Next = isMap(value) ? mapNext : setNext;
    let parts = "";
    for (let i = 0; ; i++) {
      const { value: entry, done } = apply(next, iterator, []);
      if (done) return parts;
      if (i === SHOWN_PARTS) return `${parts}, …`;
      const pair = entry as [unknown, unknown];
      const shown = isMap(value) ? `${preview(pair[0], 1)} => ${preview(pair[1], 1)}` : preview(entry, 1);
      parts += `${i > 0 ? ", " : ""}${shown}`;
    }
  }

  return (root, steps) => {
    let value = root;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as LookStep;
      if (step.of === "map") {
        if (!isMap(value) || isProxy(value)) return null;
        value = apply(mapGet, value, [step.key]);
      } else {
        const found = property(step.of === "global" ? everything : value, text(step.key));
        if (found === null) return null;
        value = found.value;
      }
    }
    const nothing = value === null || value === undefined;
    const isPlain =
      isObject(value) && !isProxy(value) && (getPrototypeOf(value) ?? objectPrototype) === objectPrototype;
    return {
      preview: preview(value),
      plain: isPlain,
      members: nothing ? [] : membersOf(value),
      mapKeys: mapKeysOf(value),
    };
  };
}
