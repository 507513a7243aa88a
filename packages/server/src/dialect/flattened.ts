import type { Attributes, AttributeValue } from "@telltale/model";

/** Steps of a flattened key that are looked at; the deepest known one has nine. */
const MAX_STEPS = 16;

/** Attributes under one prefix, unfolded from their dotted keys. */
export interface FlatNode {
  value?: AttributeValue;
  members?: Map<string, FlatNode>;
}

/** Unfolded attributes by prefix, and the keys they came from. */
export interface Unfolded {
  readonly node: FlatNode;
  readonly keys: string[];
}

/**
 * Unfolds the attributes under each prefix (`llm.input_messages` takes `llm.input_messages.0.…`),
 * in one pass. Prefixes without an attribute are absent from the answer.
 */
export function unfold(attributes: Attributes, prefixes: readonly string[]): ReadonlyMap<string, Unfolded> {
  const found = new Map<string, Unfolded>();
  for (const [key, value] of attributes) {
    for (const prefix of prefixes) {
      if (!key.startsWith(prefix) || key.charCodeAt(prefix.length) !== 0x2e) continue;
      let unfolded = found.get(prefix);
      if (!unfolded) found.set(prefix, (unfolded = { node: {}, keys: [] }));
      unfolded.keys.push(key);
      place(unfolded.node, key.slice(prefix.length + 1), value);
      break;
    }
  }
  return found;
}

function place(root: FlatNode, path: string, value: AttributeValue): void {
  let node = root;
  for (const step of path.split(".", MAX_STEPS)) {
    const members = (node.members ??= new Map());
    let next = members.get(step);
    if (!next) members.set(step, (next = {}));
    node = next;
  }
  node.value = value;
}

/** The members of a list in the order of their indexes; members that are no index are left out. */
export function listOf(node: FlatNode | undefined): readonly FlatNode[] {
  if (!node?.members) return [];
  const indexed: [number, FlatNode][] = [];
  for (const [step, member] of node.members) if (/^\d{1,9}$/.test(step)) indexed.push([Number(step), member]);
  indexed.sort((a, b) => a[0] - b[0]);
  return indexed.map(([, member]) => member);
}

/** The node at a path of steps. */
export function nodeAt(node: FlatNode | undefined, ...path: readonly string[]): FlatNode | undefined {
  let current = node;
  for (const step of path) current = current?.members?.get(step);
  return current;
}

/** The text at a path of steps; "" counts as told. */
export function textAtNode(node: FlatNode | undefined, ...path: readonly string[]): string | undefined {
  const value = nodeAt(node, ...path)?.value;
  return typeof value === "string" ? value : undefined;
}
