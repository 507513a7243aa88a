import { hasTool, lastText, toolResults, type ChatRequest } from "./chat-request.ts";
import type { Script, ScriptedAnswer } from "./script.ts";

const ORDER = /\bA-\d{4}\b/;

/** Looks at the order and the rules, then pays, refuses, or asks a person for help. */
export const refundScript: Script = {
  plays: (request) => hasTool(request, "issue_refund"),
  answer(request: ChatRequest): ScriptedAnswer {
    const results = new Map(toolResults(request).map(({ tool, result }) => [tool, result]));
    const letter = lastText(request, "user");
    const orderId = ORDER.exec(letter)?.[0] ?? "";
    const order = results.get("look_up_order");
    if (order === undefined) return firstLook(orderId, letter);
    const refund = results.get("issue_refund");
    if (refund === undefined) return decide(orderId, order, letter);
    if (!refund.includes("error")) {
      return { content: `Refund paid for order ${orderId}: ${refund}. The customer keeps the item.` };
    }
    if (!results.has("open_ticket")) {
      const reason = `Refund for ${orderId} could not be paid: the payment provider did not answer.`;
      return { calls: [{ name: "open_ticket", arguments: { order_id: orderId, reason } }] };
    }
    return { content: `The refund for ${orderId} could not be paid now. Ticket: ${results.get("open_ticket") ?? ""}` };
  },
};

function firstLook(orderId: string, letter: string): ScriptedAnswer {
  const about = /late|retard/i.test(letter) ? "late parcel refund" : "refund rules for damaged items";
  return {
    calls: [
      { name: "look_up_order", arguments: { order_id: orderId } },
      { name: "search_knowledge_base", arguments: { query: about } },
    ],
    reasoningTokens: 64,
  };
}

function decide(orderId: string, order: string, letter: string): ScriptedAnswer {
  const days = Number(/"days_since_delivery":(\d+)/.exec(order)?.[1] ?? 0);
  const amount = Number(/"total_usd":([\d.]+)/.exec(order)?.[1] ?? 0);
  if (days > 30) {
    return { content: `Order ${orderId} was delivered ${days} days ago; refunds end after 30 days. Offer a voucher.` };
  }
  const reason = /late|retard/i.test(letter) ? "late" : "damaged";
  return {
    calls: [{ name: "issue_refund", arguments: { order_id: orderId, amount_usd: amount, reason } }],
    reasoningTokens: 128,
  };
}
