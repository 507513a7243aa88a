/*
 * Work that goes through a queue stays in the trace of the request that asked for it:
 * node --conditions=development examples/queue-worker.ts, beside a running Telltale.
 */
import { Telltale, type TelltaleContext } from "@telltale/sdk";

Telltale.initialize({ appName: "queue-worker" });

interface Message {
  readonly order: string;
  readonly context: TelltaleContext;
}

// Text, as it would be in Redis or SQS.
const queue: string[] = [];

function ask(order: string): void {
  Telltale.withWorkflow("order", { sessionId: "chat-7" }, () => {
    const message: Message = { order, context: Telltale.currentContext() };
    queue.push(JSON.stringify(message));
  });
}

function work(): void {
  for (const text of queue.splice(0)) {
    const { order, context } = JSON.parse(text) as Message;
    Telltale.runWith(context, () => Telltale.withTask("pack", { input: order }, () => `packed ${order}`));
  }
}

ask("book");
work();
await Telltale.flush();
console.log("One trace: order, and pack below it.");
