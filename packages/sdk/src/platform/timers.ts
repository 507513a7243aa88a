/** A timer, for `clearTimeout`. */
export type Timer = NodeJS.Timeout;
/** Work that waits for its turn, for `stopTurn`. */
export type Turn = NodeJS.Immediate;

/** Calls `work` after `ms`, unless the process ends before: it is not kept alive. */
export function startTimer(work: () => void, ms: number): Timer {
  return setTimeout(work, ms).unref();
}

/** Calls `work` when the program has had its turn. */
export function afterTurn(work: () => void): Turn {
  return setImmediate(work);
}

/** The same, unless the process ends before. */
export function whenIdle(work: () => void): void {
  setImmediate(work).unref();
}

/** Calls off what `afterTurn` was asked for. */
export function stopTurn(turn: Turn): void {
  clearImmediate(turn);
}

/** Lets the program go on. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
