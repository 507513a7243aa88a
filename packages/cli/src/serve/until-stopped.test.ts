import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { untilStopped } from "./until-stopped.ts";

/** A process that can be told signals, and a clock that stands where it is put. */
class FakeHost extends EventEmitter {
  time = 0;
  readonly exits: number[] = [];
  exit(code: number): void {
    this.exits.push(code);
  }
  now(): number {
    return this.time;
  }
}

function start(close: () => Promise<void>): { host: FakeHost; notes: string[]; code: Promise<number> } {
  const host = new FakeHost();
  const notes: string[] = [];
  const code = untilStopped(close, (line) => void notes.push(line), {
    on: host.on.bind(host),
    off: host.off.bind(host),
    exit: host.exit.bind(host),
    now: host.now.bind(host),
  });
  return { host, notes, code };
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"])("closes once after %s and ends with 0", async (signal) => {
  let closed = 0;
  const { host, notes, code } = start(async () => void closed++);
  host.emit(signal);
  expect(await code).toBe(0);
  expect(closed).toBe(1);
  expect(notes.at(-1)).toBe("Stopped.");
  expect(host.listenerCount(signal)).toBe(0);
});

test("takes the copy of one Ctrl-C for the same one, and the next for an order to end at once", async () => {
  const closing = Promise.withResolvers<void>();
  const { host, code } = start(() => closing.promise);
  host.emit("SIGINT");
  host.time = 100;
  host.emit("SIGINT");
  expect(host.exits).toEqual([]);
  host.time = 2000;
  host.emit("SIGINT");
  expect(host.exits).toEqual([130]);
  closing.resolve();
  expect(await code).toBe(0);
});

test("ends with 1 and says why when closing fails", async () => {
  const { host, notes, code } = start(() => Promise.reject(new Error("the disk is gone")));
  host.emit("SIGTERM");
  expect(await code).toBe(1);
  expect(notes.at(-1)).toContain("the disk is gone");
});
