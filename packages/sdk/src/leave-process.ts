import { runtime } from "./runtime.ts";

/** How long the end of a program is held up for spans that are not sent yet. */
const EXIT_TIMEOUT_MS = 5000;
const SIGNAL_TIMEOUT_MS = 2000;
const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Ends what is left open and sends what is left, because the program is about to end. */
async function leave(timeoutMs: number): Promise<void> {
  for (const open of runtime.open) open.abandon();
  runtime.pipeline?.leave();
  await runtime.pipeline?.flush(timeoutMs);
  // Calls that turned out to wait for an answer from the background, while they were sent.
  if (runtime.open.size === 0) return;
  for (const open of runtime.open) open.abandon();
  await runtime.pipeline?.flush(timeoutMs);
}

/**
 * Sends what is left when the program ends by itself or by a signal. A signal stays what it is:
 * where the program listens for it, that decides; where nobody does, it is sent again after the
 * flush and ends the process as it would have. A second one ends it at once.
 */
export function watchForTheEnd(): () => void {
  const beforeExit = (): void => {
    const { pipeline } = runtime;
    if (runtime.open.size > 0 || (pipeline?.counts().queued ?? 0) > 0) void leave(EXIT_TIMEOUT_MS);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    process.removeListener(signal, onSignal);
    const alone = process.listenerCount(signal) === 0;
    const sent = alone ? leave(SIGNAL_TIMEOUT_MS) : runtime.pipeline?.flush(SIGNAL_TIMEOUT_MS);
    if (alone) void sent?.finally(() => process.kill(process.pid, signal));
  };
  process.on("beforeExit", beforeExit);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    process.removeListener("beforeExit", beforeExit);
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
}
