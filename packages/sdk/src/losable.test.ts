import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { Losable } from "./losable.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

class Work extends Losable {
  abandoned = false;

  override abandon(): void {
    this.abandoned = true;
  }
}

/** Until it holds, and for three seconds at most. */
async function reached(condition: () => boolean): Promise<boolean> {
  for (let round = 0; round < 60 && !condition(); round++) {
    await sleep(50);
    collect();
  }
  return condition();
}

function held(work: Work): WeakRef<object> {
  const holder = {};
  work.heldBy(holder);
  return new WeakRef(holder);
}

it("is over when its holder is thrown away, soon after or much later", async () => {
  const [soon, later] = [new Work(), new Work()];
  held(soon);
  const holder = { kept: {} as object | undefined };
  if (holder.kept !== undefined) later.heldBy(holder.kept);
  expect(await reached(() => soon.abandoned)).toBe(true);
  expect(later.abandoned).toBe(false);
  holder.kept = undefined;
  expect(await reached(() => later.abandoned)).toBe(true);
});

it("is left alone when its end is told, and lets go of what held it", async () => {
  const [fresh, registered] = [new Work(), new Work()];
  const first = held(fresh);
  fresh.heldBy(undefined);
  const second = held(registered);
  registered.letGo();
  registered.heldBy(undefined);
  expect(await reached(() => first.deref() === undefined && second.deref() === undefined)).toBe(true);
  await sleep(50);
  expect([fresh.abandoned, registered.abandoned]).toEqual([false, false]);
});

it("follows the last holder", async () => {
  const work = new Work();
  held(work);
  work.letGo();
  const holder = {};
  work.heldBy(holder);
  work.letGo();
  await sleep(10);
  collect();
  await sleep(10);
  expect([work.abandoned, holder]).toEqual([false, {}]);
});
