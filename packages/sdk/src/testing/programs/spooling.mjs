import { Telltale } from "@telltale/sdk";

/* Makes spans named by their number while a server may be away; how it goes on and ends is told by HOW. */
const how = process.env.HOW;
Telltale.initialize({ appName: "spooling" });
const say = (text) => process.stdout.write(`${text}\n`);

function makeSpans(from, count) {
  for (let index = from; index < from + count; index++) {
    Telltale.withSpan(`${process.env.NAME} ${index}`, () => "x".repeat(Number(process.env.LETTERS ?? 200)));
  }
}

if (how === "endless") {
  // What was told as spooled is on the disk, whatever happens next.
  for (let made = 0; ; made += 20) {
    makeSpans(made, 20);
    await Telltale.flush(5000);
    say(`kept ${Telltale.exportCounts().spooled + Telltale.exportCounts().sent}.`);
  }
} else if (how === "drain") {
  await new Promise((resolve) => setTimeout(resolve, Number(process.env.WAIT ?? 0)));
  await Telltale.flush(20_000);
  say(JSON.stringify(Telltale.exportCounts()));
} else {
  makeSpans(0, 50);
  // After the rules of redaction are there and before a batch is sent.
  if (how === "exits") setTimeout(() => process.exit(3), 300);
  if (how === "waits") {
    say("ready");
    setInterval(() => {}, 1000);
  }
  // Over when it is done; a busy machine takes seconds to load what samples and prices.
  if (how === "flushes") {
    await Telltale.flush(30_000);
    say(JSON.stringify(Telltale.exportCounts()));
  }
}
