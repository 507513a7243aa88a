import { useEffect, useRef } from "react";
import { create, type StoreApi, type UseBoundStore } from "zustand";
import { commandList, commandNamed } from "./command-list.ts";
import { matchKeys, pressName } from "./key-match.ts";

interface Handlers {
  /** Of each command, the handlers that can do it now; the last one that came does. */
  readonly byName: ReadonlyMap<string, readonly (() => void)[]>;
}

/** Which commands can be done now. */
export const useHandlers: UseBoundStore<StoreApi<Handlers>> = create<Handlers>(() => ({ byName: new Map() }));

/** Says that this part of the page can do a command, while it is shown and `enabled`. */
export function useCommand(name: string, run: () => void, enabled: boolean = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    commandNamed(name);
    const handler = (): void => latest.current();
    change(name, (handlers) => [...handlers, handler]);
    return () => change(name, (handlers) => handlers.filter((other) => other !== handler));
  }, [name, enabled]);
}

function change(name: string, edit: (handlers: readonly (() => void)[]) => readonly (() => void)[]): void {
  const byName = new Map(useHandlers.getState().byName);
  const handlers = edit(byName.get(name) ?? []);
  if (handlers.length === 0) byName.delete(name);
  else byName.set(name, handlers);
  useHandlers.setState({ byName });
}

/** Does a command, if anything can. */
export function runCommand(name: string): boolean {
  const run = useHandlers.getState().byName.get(name)?.at(-1);
  run?.();
  return run !== undefined;
}

/** A second key counts as part of `g t` when it comes within this time. */
const SEQUENCE_MS = 1200;

/** Listens for the keys of all commands; call once. */
export function listenKeys(): () => void {
  let before: { press: string; time: number } | undefined;
  const onKey = (event: KeyboardEvent): void => {
    const press = pressName(event);
    if (press === undefined || event.defaultPrevented || event.isComposing) return;
    const inField = isField(event.target);
    const pending = before && event.timeStamp - before.time < SEQUENCE_MS ? before.press : undefined;
    before = undefined;
    const usable = commandList.filter(
      (command) => useHandlers.getState().byName.has(command.name) && (!inField || command.inFields === true),
    );
    const matched = matchKeys(
      usable.flatMap((command) => command.keys),
      pending,
      press,
    );
    if (matched.type === "wait") before = { press, time: event.timeStamp };
    if (matched.type !== "hit" || isTakenByFocus(press, event.target)) return;
    const command = usable.find((candidate) => candidate.keys.includes(matched.key));
    if (command !== undefined && runCommand(command.name)) event.preventDefault();
  };
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, textarea, select, dialog, [role=menu]") !== null;
}

/** Buttons, tabs and separators have keys of their own that must keep working. */
function isTakenByFocus(press: string, target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (press === "Enter") return target.closest("a, button, summary") !== null;
  return press.startsWith("Arrow") && target.closest("[role=tablist], [role=separator], [role=radiogroup]") !== null;
}
