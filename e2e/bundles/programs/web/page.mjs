import { Telltale } from "@telltale/sdk";
import { answer } from "./answer.mjs";

/** What the test calls, one after the other. */
globalThis.program = {
  answer,
  answerInWorker(place) {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
    return new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }) => resolve(data));
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
      worker.postMessage(place);
    });
  },
  leave({ endpoint, to }) {
    Telltale.initialize({ appName: "leaving", endpoint });
    void Telltale.withSpan("never ends", { input: "write to ada@example.com" }, () => new Promise(() => {}));
    Telltale.withTask("finished", () => "before the page went");
    // After the rules of redaction have come, and before a batch would be sent.
    setTimeout(() => location.assign(to), 300);
  },
};
