// TEMPLATE: copy to <name>.ts, name the constant like the file, run npm run lists.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { HookSpan } from "../hook/hook-span.ts";
import { harmless } from "../hook/install-hooks.ts";
import type { Hook } from "../hook.ts";
import { field, textField } from "../json/read-json.ts";

// TEMPLATE: the door, as the framework documents it.
const CHANNEL = "template:run";

/** TEMPLATE: which framework, which versions, and which door. */
export const template: Hook = {
  name: "template",
  install() {
    // TEMPLATE: the framework's own object stands for the run; nothing keeps it alive.
    const spans = new WeakMap<object, HookSpan>();
    const told = harmless("template", (message: unknown) => {
      const run = field(message, "run");
      if (typeof run !== "object" || run === null) return;
      const open = spans.get(run);
      if (open !== undefined) return open.end();
      const subject = textField(run, "name") ?? "agent";
      spans.set(run, new HookSpan({ hook: "template", name: `invoke_agent ${subject}`, kind: "agent", subject }));
    });
    subscribe(CHANNEL, told);
    return () => void unsubscribe(CHANNEL, told);
  },
};
