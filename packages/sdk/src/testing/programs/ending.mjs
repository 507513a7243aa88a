import { Telltale } from "@telltale/sdk";

const earlier = process.argv[2] ?? process.env.HOW;
// Long enough to send, also where the SDK is loaded from its sources by a busy machine.
const LAST_MOMENTS_MS = 1500;
const goodbye = () => setTimeout(() => process.exit(8), LAST_MOMENTS_MS);
if (earlier === "listens once") process.once("SIGTERM", goodbye);
if (earlier === "counts listeners") {
  // As signal-exit does: it kills when nobody but itself listens.
  const last = () => {
    if (process.listeners("SIGTERM").length > 1) return;
    process.removeListener("SIGTERM", last);
    process.kill(process.pid, "SIGTERM");
  };
  process.on("SIGTERM", last);
}
Telltale.initialize({ appName: "ending" });
Telltale.withSpan("work", () => {});
const how = process.argv[2] ?? process.env.HOW;
if (how === "listens") process.on("SIGTERM", () => setTimeout(() => process.exit(7), LAST_MOMENTS_MS));
if (how === "open") void Telltale.withSpan("never ends", () => new Promise(() => {}));
if (how === "throws")
  setTimeout(
    () =>
      Telltale.withSpan("bad", () => {
        throw new Error("its own");
      }),
    5,
  );
if (how === "listens once later") process.once("SIGTERM", goodbye);
if (how === "goes on") process.on("SIGTERM", () => process.stdout.write("still here"));
if (["waits", "listens", "listens once", "listens once later", "counts listeners", "goes on"].includes(how)) {
  setInterval(() => {}, 1000);
  process.stdout.write("ready");
}
