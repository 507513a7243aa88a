import { type Association, isSettable, type SettableValue } from "./association.ts";

/** https://www.w3.org/TR/baggage/#limits: what everybody on the way has to carry. */
const MOST_BYTES = 8192;
const MOST_MEMBERS = 64;
/** Members that other OpenTelemetry SDKs know too. */
const SESSION = "session.id";
const USER = "user.id";
/** The rest of what a span belongs to, as JSON. */
const OURS = "telltale";

/** What came in baggage. */
export interface ReadBaggage {
  readonly association: Association;
  /** The members that are not ours. */
  readonly others: string | undefined;
}

/** A header `baggage` with the associations and with `others`; undefined when there is nothing to say. */
export function writeBaggage(association: Association | undefined, others: string | undefined): string | undefined {
  const members: string[] = [];
  if (association?.sessionId !== undefined) members.push(`${SESSION}=${encode(association.sessionId)}`);
  if (association?.userId !== undefined) members.push(`${USER}=${encode(association.userId)}`);
  const { tags, metadata, prompt } = association ?? {};
  if (tags !== undefined || metadata !== undefined || prompt !== undefined) {
    const told = { tags, metadata: metadata && Object.fromEntries(metadata), prompt };
    members.push(`${OURS}=${encode(JSON.stringify(told))}`);
  }
  if (others !== undefined) members.push(...others.split(","));
  let bytes = 0;
  const kept = members.slice(0, MOST_MEMBERS).filter((member) => (bytes += member.length + 1) <= MOST_BYTES);
  return kept.length === 0 ? undefined : kept.join(",");
}

/** Reads a header `baggage`. What is ours and malformed is left out; nothing throws. */
export function readBaggage(header: string): ReadBaggage {
  const association: Association = {};
  const others: string[] = [];
  if (header.length > MOST_BYTES) return { association, others: undefined };
  for (const member of header.split(",").slice(0, MOST_MEMBERS)) {
    const equals = member.indexOf("=");
    const key = member.slice(0, Math.max(0, equals)).trim();
    const [value = ""] = member.slice(equals + 1).split(";");
    if (key === SESSION) association.sessionId = decode(value);
    else if (key === USER) association.userId = decode(value);
    else if (key === OURS) readOurs(association, decode(value));
    else if (key !== "") others.push(member.trim());
  }
  return { association, others: others.length === 0 ? undefined : others.join(",") };
}

function readOurs(association: Association, text: string | undefined): void {
  try {
    const told = JSON.parse(text ?? "") as unknown;
    if (typeof told !== "object" || told === null) return;
    const { tags, metadata, prompt } = told as Readonly<Record<string, unknown>>;
    if (Array.isArray(tags)) association.tags = tags.filter((tag) => typeof tag === "string").slice(0, MOST_MEMBERS);
    const facts = entriesOf(metadata).filter((fact): fact is [string, SettableValue] => isSettable(fact[1]));
    if (facts.length > 0) association.metadata = new Map(facts.slice(0, MOST_MEMBERS));
    const named = new Map(entriesOf(prompt));
    const name = textOf(named.get("name"));
    const version = textOf(named.get("version"));
    if (name !== undefined || version !== undefined) association.prompt = { name, version };
  } catch {
    // Somebody else's member of the same name.
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return undefined;
  }
}
