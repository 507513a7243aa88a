import { debug, messageOf } from "./diagnostics.ts";
import { runtime } from "./runtime.ts";

/** How long the end of a program is held up for spans that are not sent yet. */
const EXIT_TIMEOUT_MS = 5000;
const SIGNAL_TIMEOUT_MS = 2000;
const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Ends what is left open and sends what is left, because the program is about to end. Never rejects: that would end it. */
async function leave(timeoutMs: number): Promise<void> {
  try {
    await sendWhatIsLeft(timeoutMs);
  } catch (error) {
    debug(`The last spans could not be sent: ${messageOf(error)}`);
  }
}

async function sendWhatIsLeft(timeoutMs: number): Promise<void> {
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
  let watching = true;
  const onSignal = (signal: NodeJS.Signals): void => {
    // First and out of the way: others count the listeners too (signal-exit kills when it is alone),
    // and one that listens once is no longer there when its turn is over.
    process.removeListener(signal, onSignal);
    if (process.listenerCount(signal) === 0) return endOf(signal);
    void runtime.pipeline?.flush(SIGNAL_TIMEOUT_MS);
    setImmediate(() => {
      if (watching) process.prependListener(signal, onSignal);
    });
  };
  process.on("beforeExit", beforeExit);
  for (const signal of SIGNALS) process.prependListener(signal, onSignal);
  return () => {
    watching = false;
    process.removeListener("beforeExit", beforeExit);
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
}

function endOf(signal: NodeJS.Signals): void {
  for (const open of runtime.open) open.abandon();
  const ended = runtime.pipeline?.shutdown(SIGNAL_TIMEOUT_MS) ?? Promise.resolve();
  void ended.finally(() => process.kill(process.pid, signal));
}
