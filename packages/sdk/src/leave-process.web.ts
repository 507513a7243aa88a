import { runtime } from "./runtime.ts";

/** What a page and its workers have of `EventTarget`. */
type Listening = Partial<Pick<EventTarget, "addEventListener" | "removeEventListener">>;

/**
 * Sends what is left when a page is hidden or left, since a hidden one may never be woken again. What is open ends only with
 * the page itself. Does nothing in workers, which nobody tells of their end: there, `flush` is awaited.
 */
export function watchForTheEnd(): () => void {
  const page: Listening = globalThis;
  const document = Reflect.get(globalThis, "document") as (Listening & { visibilityState?: string }) | undefined;
  if (document === undefined) return () => {};
  const hidden = (): void => {
    if (document.visibilityState === "hidden") runtime.pipeline?.sendNow?.();
  };
  const left = (event: object): void => {
    // Into the cache of pages that may come back, it goes as it is.
    if (Reflect.get(event, "persisted") !== true) for (const open of runtime.open) open.abandon();
    runtime.pipeline?.sendNow?.();
  };
  document.addEventListener?.("visibilitychange", hidden);
  page.addEventListener?.("pagehide", left);
  return () => {
    document.removeEventListener?.("visibilitychange", hidden);
    page.removeEventListener?.("pagehide", left);
  };
}
