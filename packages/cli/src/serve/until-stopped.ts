/** A terminal and npm both pass one Ctrl-C on, so the second within this time is the same one. */
const SAME_PRESS_MS = 500;
/** A server that has not closed after this long is left, so that Ctrl-C always ends within ten seconds. */
const CLOSE_PATIENCE_MS = 9000;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How `untilStopped` hears and ends; tests put their own. */
export interface StopHost {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
  /** Ends the process at once. */
  exit(code: number): void;
  now(): number;
}

/**
 * Waits for Ctrl-C or a signal to end, then closes. A second Ctrl-C ends the process at once.
 *
 * @returns 0 when `close` came to its end, 1 when it failed or took too long
 */
export async function untilStopped(
  close: () => Promise<void>,
  note: (line: string) => void,
  host: StopHost = { on: process.on.bind(process), off: process.off.bind(process), exit: process.exit, now: Date.now },
): Promise<number> {
  let firstAt: number | undefined;
  const asked = Promise.withResolvers<void>();
  const listener = (): void => {
    if (firstAt === undefined) {
      firstAt = host.now();
      asked.resolve();
    } else if (host.now() - firstAt > SAME_PRESS_MS) {
      note("Ended at once. Everything acknowledged is in the journal and is stored at the next start.");
      host.exit(130);
    }
  };
  for (const signal of SIGNALS) host.on(signal, listener);
  await asked.promise;
  note("Stopping (Ctrl-C again ends it at once) …");
  try {
    return await withPatience(close(), note);
  } finally {
    for (const signal of SIGNALS) host.off(signal, listener);
  }
}

async function withPatience(closing: Promise<void>, note: (line: string) => void): Promise<number> {
  const patience = Promise.withResolvers<"late">();
  const timer = setTimeout(() => patience.resolve("late"), CLOSE_PATIENCE_MS);
  try {
    const outcome = await Promise.race([closing.then(() => "closed" as const), patience.promise]);
    note(
      outcome === "closed" ? "Stopped." : "It did not stop in time and was left; the next start takes up from here.",
    );
    return outcome === "closed" ? 0 : 1;
  } catch (error) {
    note(`It did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    clearTimeout(timer);
  }
}
