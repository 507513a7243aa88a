import type { Visit } from "./support-desk.ts";

/** Letters of one morning, each with what it is there to show. */
export const VISITS: readonly (Visit & { readonly shows: string })[] = [
  {
    shows: "a refund, start to end",
    customer: "ana",
    session: "chat-ana-1",
    letter: "Hi, my mug arrived cracked this morning. Can I get my money back? The order is A-1001.",
  },
  {
    shows: "two tools at once",
    customer: "ben",
    session: "chat-ben-1",
    letter: "Is there tracking for my parcel, order A-1003? It should have been here yesterday.",
  },
  {
    shows: "the same customer again, and a rate limit that the client waits out",
    customer: "ben",
    session: "chat-ben-1",
    letter: "Thanks! How much is wrapping into a gift box?",
  },
  {
    shows: "a server error that the client tries again",
    customer: "chiara",
    session: "chat-chiara-1",
    letter: "The teapot of order A-1005 came broken, I need my money back today please, it was a present.",
  },
  {
    shows: "a tool that fails",
    customer: "dmitri",
    session: "chat-dmitri-1",
    letter: "Two of the cups in A-1007 were damaged. Please send a refund.",
  },
  {
    shows: "a broken structured output behind a 200 OK",
    customer: "eve",
    session: "chat-eve-1",
    letter: `My kettle A-1009 is damaged, see the log of my smart plug:\n${"===== plug 0x41 17:02:11 1843W ".repeat(12)}`,
  },
  {
    shows: "French, and a cast-iron pot",
    customer: "francois",
    session: "chat-francois-1",
    letter: "Bonjour, la théière de ma commande A-1011 est arrivée cassée 😢. Je voudrais un remboursement. Merci !",
  },
  {
    shows: "an agent that goes round in circles",
    customer: "grace",
    session: "chat-grace-1",
    letter: "Which glaze chemistry and firing temperature does the Nebula collection use?",
  },
];
