import { lastText, textOf, type ChatRequest } from "./chat-request.ts";
import type { Script, ScriptedAnswer } from "./script.ts";

/** Turns what the others found into a letter; takes every conversation that nobody else plays. */
export const writerScript: Script = {
  plays: () => true,
  answer(request: ChatRequest): ScriptedAnswer {
    const brief = lastText(request, "user");
    const name = /Customer: (\S+)/.exec(brief)?.[1];
    const notes = /Notes:\s*([\s\S]+)$/.exec(brief)?.[1]?.trim();
    if (notes === undefined) return { content: plainAnswer(request) };
    if (/Language: fr/.test(brief)) return { content: frenchLetter(name ?? "") };
    return { content: letter(name ?? "there", notes) };
  },
};

function plainAnswer(request: ChatRequest): string {
  const system = textOf(request.messages.find(({ role }) => role === "system"));
  const question = lastText(request, "user").slice(0, 200);
  return `You asked: "${question}". ${system === "" ? "This is a scripted model on your own machine; it has no more to say." : "I will look into it."}`;
}

function letter(name: string, notes: string): string {
  return `Hello ${name},\n\nthank you for writing to us. ${bodyOf(notes)}\n\nIf anything is still open, just answer this message.\n\nKind regards,\nthe Halcyon desk`;
}

function bodyOf(notes: string): string {
  const ticket = /T-\d+/.exec(notes)?.[0];
  if (/Refund paid/.test(notes)) {
    const amount = Number(/"amount_usd":([\d.]+)/.exec(notes)?.[1] ?? 0).toFixed(2);
    return `We are sorry that your order did not arrive as it should. We have refunded ${amount} US dollars to your card today; it takes three to five working days to appear. You can keep the item.`;
  }
  if (ticket !== undefined) {
    return `Your refund is approved, but our payment provider did not answer just now. A colleague will pay it by hand today under ticket ${ticket}, and you will get a message when it is done.`;
  }
  if (/voucher/.test(notes)) {
    return "Our refunds end 30 days after delivery, and your order is older than that. As a thank-you for your patience we would like to give you a voucher of 10 US dollars for your next order.";
  }
  if (/not found|no article|step limit/i.test(notes)) {
    return "We have searched our help pages and could not find a sure answer to your question, so a colleague will look at it and write to you within one working day.";
  }
  const article = /From the help pages: ([\s\S]+)$/.exec(notes)?.[1] ?? notes;
  return article.replace(/^\[[^\]]*\]\s*/, "").trim();
}

function frenchLetter(name: string): string {
  return `Bonjour ${name},\n\nmerci pour votre message. Nous sommes désolés que votre théière soit arrivée cassée 😔. Le remboursement est en route et sera visible sous trois à cinq jours ouvrés. Vous pouvez garder l'article.\n\nBien à vous,\nl'équipe Halcyon`;
}
