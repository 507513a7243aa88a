import type { Wire, WireRequest } from "../wire.ts";

const POST: readonly string[] = ["POST"];
/** Addresses that are remembered; a program calls a handful of them, again and again. */
const MOST_ADDRESSES = 64;
/** Longer ones carry something of their own, and do not come again. */
const LONGEST_ADDRESS = 256;

/** A request in parts, and the wire that it speaks. */
export interface Claim {
  readonly request: WireRequest;
  readonly wire: Wire;
}

/** The wire that claims this request. */
export function wireOf(wires: readonly Wire[], request: WireRequest): Wire | undefined {
  return wires.find(({ methods = POST, claims }) => methods.includes(request.method) && claims(request));
}

/** Tells the wire of an address as fetch takes it. What was claimed once is remembered: it is asked for each call. */
export class Addresses {
  readonly #wires: readonly Wire[];
  readonly #claims = new Map<string, Claim>();

  constructor(wires: readonly Wire[]) {
    this.#wires = wires;
  }

  /** Undefined for requests that no wire claims. Throws where the address is none. */
  claim(url: string, method: string): Claim | undefined {
    const key = method === "POST" ? url : `${method} ${url}`;
    const known = this.#claims.get(key);
    if (known !== undefined) return known;
    const request = requestOf(url, method);
    const wire = request === undefined ? undefined : wireOf(this.#wires, request);
    if (request === undefined || wire === undefined) return undefined;
    const claim = { request, wire };
    if (this.#claims.size === MOST_ADDRESSES) this.#claims.clear();
    if (url.length <= LONGEST_ADDRESS) this.#claims.set(key, claim);
    return claim;
  }

  /** Whether these are the addresses of these wires. */
  isOf(wires: readonly Wire[]): boolean {
    return this.#wires === wires;
  }
}

/** The parts of a URL that wires look at; undefined for schemes that none has. */
function requestOf(url: string, method: string): WireRequest | undefined {
  const secure = url.startsWith("https://");
  if (!secure && !url.startsWith("http://")) return undefined;
  const { hostname, port, pathname } = new URL(url);
  return {
    method: method.toUpperCase(),
    host: hostname,
    port: port === "" ? (secure ? 443 : 80) : Number(port),
    path: pathname,
  };
}
