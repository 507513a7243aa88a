import { randomUUID } from "node:crypto";
import { openJournal } from "./open-journal.ts";

/*
 * A process for journal.test.ts: appends until it is killed, some at the same time, and writes a line
 * with the id of each entry that was acknowledged.
 */

const journal = await openJournal({ directory: process.argv[2]!, segmentBytes: 20_000 });

async function appendForever(): Promise<never> {
  for (;;) {
    const id = randomUUID();
    const body = Buffer.from(`${id} ${"x".repeat(Math.floor(Math.random() * 3000))}`);
    await journal.append({ signal: "traces", encoding: "protobuf", project: "", receivedAt: 1n, body });
    process.stdout.write(`${id}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, appendForever));
