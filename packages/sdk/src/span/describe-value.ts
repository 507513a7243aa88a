import { runtime } from "../runtime.ts";

/** Longest description of one value, in characters: above it a page cannot show it anyway. */
const LONGEST = 1_000_000;
const DEEPEST = 32;
/** Longer lists of numbers are vectors: thousands of digits that nobody reads. */
const LONGEST_NUMBER_LIST = 64;

class Description {
  text = "";
  readonly ancestors: object[] = [];

  /** Appends; false once the description is full. */
  add(piece: string): boolean {
    this.text += piece;
    return this.text.length < LONGEST;
  }
}

/**
 * The JSON of any value, never throwing and never endless: cycles, getters that throw, functions,
 * bytes and embedding vectors are told in words. Text stays as it is. Undefined for undefined.
 */
export function describeValue(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string") return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  const out = new Description();
  try {
    describe(value, out);
  } catch {
    return JSON.stringify("[a value that cannot be described]");
  }
  return out.text;
}

function describe(value: unknown, out: Description): void {
  if (value === null || typeof value === "number" || typeof value === "boolean") {
    out.add(JSON.stringify(value));
  } else if (typeof value === "string") {
    out.add(JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value));
  } else if (typeof value === "object") {
    describeObject(value, out);
  } else if (typeof value === "function") {
    out.add(JSON.stringify(`[function ${value.name}]`));
  } else {
    out.add(JSON.stringify(String(value)));
  }
}

function describeObject(value: object, out: Description): void {
  if (out.ancestors.includes(value)) return void out.add('"[circular]"');
  if (out.ancestors.length >= DEEPEST) return void out.add('"[deeper]"');
  out.ancestors.push(value);
  if (Array.isArray(value)) describeList(value, out);
  else if (ArrayBuffer.isView(value)) describeBytes(value, out);
  else if (value instanceof ArrayBuffer) out.add(JSON.stringify(`[${value.byteLength} bytes]`));
  else if (value instanceof Error) out.add(JSON.stringify(`${value.name}: ${value.message}`));
  else if (value instanceof Set) describeList([...value], out);
  else if (value instanceof Map) describeEntries(value.entries(), out);
  else if ("toJSON" in value && typeof value.toJSON === "function") describe(value.toJSON(), out);
  else describeEntries(ownEntries(value), out);
  out.ancestors.pop();
}

/** Bytes are media, and typed numbers a vector; both are told by their size unless they are asked for. */
function describeBytes(view: ArrayBufferView, out: Description): void {
  const isVector = view instanceof Float32Array || view instanceof Float64Array;
  if (isVector && runtime.inline?.vectors === true) return describeList([...view], out);
  if (isVector) return void out.add(JSON.stringify(`[${view.length} numbers]`));
  if (runtime.inline?.media !== true) return void out.add(JSON.stringify(`[${view.byteLength} bytes]`));
  out.add(JSON.stringify(Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64")));
}

function describeList(list: readonly unknown[], out: Description): void {
  if (
    runtime.inline?.vectors !== true &&
    list.length > LONGEST_NUMBER_LIST &&
    list.every((item) => typeof item === "number")
  ) {
    return void out.add(JSON.stringify(`[${list.length} numbers]`));
  }
  let separator = "[";
  for (const item of list) {
    if (!out.add(separator)) return void out.add('"[cut]"]');
    describe(item === undefined ? null : item, out);
    separator = ",";
  }
  out.add(separator === "[" ? "[]" : "]");
}

function describeEntries(entries: Iterable<readonly [unknown, unknown]>, out: Description): void {
  let separator = "{";
  for (const [key, item] of entries) {
    if (item === undefined || typeof item === "function") continue;
    if (!out.add(`${separator}${JSON.stringify(String(key))}:`)) return void out.add('"[cut]"}');
    describe(item, out);
    separator = ",";
  }
  out.add(separator === "{" ? "{}" : "}");
}

function* ownEntries(value: object): Generator<readonly [string, unknown]> {
  for (const key of Object.keys(value)) {
    let item: unknown;
    try {
      item = Reflect.get(value, key);
    } catch {
      item = "[a property that throws]";
    }
    yield [key, item];
  }
}
