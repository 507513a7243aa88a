import { Telltale } from "@telltale/sdk";

Telltale.initialize({ appName: "ending" });
Telltale.withSpan("work", () => {});
const how = process.argv[2] ?? process.env.HOW;
if (how === "listens") process.on("SIGTERM", () => setTimeout(() => process.exit(7), 300));
if (how === "open") void Telltale.withSpan("never ends", () => new Promise(() => {}));
if (how === "throws")
  setTimeout(
    () =>
      Telltale.withSpan("bad", () => {
        throw new Error("its own");
      }),
    5,
  );
if (how === "waits" || how === "listens") {
  setInterval(() => {}, 1000);
  process.stdout.write("ready");
}
