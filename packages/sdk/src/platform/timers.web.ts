/** A timer, for `clearTimeout`. */
export type Timer = ReturnType<typeof setTimeout>;
/** Work that waits for its turn, for `stopTurn`. */
export type Turn = Timer;

/** Calls `work` after `ms`. */
export function startTimer(work: () => void, ms: number): Timer {
  return setTimeout(work, ms);
}

/** Calls `work` when the program has had its turn. */
export function afterTurn(work: () => void): Turn {
  return setTimeout(work, 0);
}

/** The same; workers begin no timers before there is a request. */
export function whenIdle(work: () => void): void {
  try {
    setTimeout(work, 0);
  } catch {
    // Then it is done when it is needed.
  }
}

/** Calls off what `afterTurn` was asked for. */
export function stopTurn(turn: Turn): void {
  clearTimeout(turn);
}

/** Lets the program go on. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
