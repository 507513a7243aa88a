import * as channels from "node:diagnostics_channel";

type Listener = (message: unknown) => void;

const listeners = new Map<string, Set<Listener>>();

/** Listens to a channel of Node's diagnostics. */
export function subscribe(name: string, listener: Listener): void {
  const known = listeners.get(name) ?? new Set();
  listeners.set(name, known.add(listener));
  channels.subscribe(name, listener);
}

/** Listens no more. */
export function unsubscribe(name: string, listener: Listener): void {
  listeners.get(name)?.delete(listener);
  channels.unsubscribe(name, listener);
}

/** Tells our listeners, and nobody else's, of a message that came before they listened. */
export function tellAgain(name: string, message: unknown): void {
  for (const listener of listeners.get(name) ?? []) listener(message);
}
