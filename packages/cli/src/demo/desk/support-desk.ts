import { Telltale } from "@telltale/sdk";
import type { OpenAI } from "openai";
import { deskTools, type DeskTools } from "./desk-tools.ts";
import { buildKnowledgeBase } from "./knowledge-base.ts";
import { type Agent, runAgent, StepLimitError } from "./run-agent.ts";
import { triage, type Triage } from "./triage.ts";
import { writeReply } from "./write-reply.ts";

/** Which model does what. */
export interface DeskModels {
  readonly triage: string;
  readonly agents: string;
  readonly writer: string;
  readonly embeddings: string;
}

/** A letter from a customer. */
export interface Visit {
  readonly customer: string;
  readonly session: string;
  readonly letter: string;
}

/** What a letter came to. */
export interface VisitResult {
  readonly traceId: string;
  /** One of the four ends of the handbook, in a word. */
  readonly end: string;
  readonly reply: string;
}

/** A desk that answers letters. */
export interface SupportDesk {
  answer(visit: Visit): Promise<VisitResult>;
}

/** Enough for any letter that can be answered; the end of the line for one that cannot. */
const SEARCH_STEPS = 14;
const REFUND_STEPS = 6;

interface Desk {
  readonly client: OpenAI;
  readonly models: DeskModels;
  readonly tools: DeskTools;
  readonly refundAgent: Agent;
  readonly searchAgent: Agent;
}

/** Opens the desk: embeds the help pages, in a trace of its own. */
export async function openDesk(
  client: OpenAI,
  models: DeskModels,
  log: (line: string) => void,
): Promise<SupportDesk & { readonly indexTraceId: string }> {
  let indexTraceId = "";
  const knowledge = await Telltale.withSpan("index_help_pages", { captureOutput: false }, (span) => {
    indexTraceId = span.traceId;
    return buildKnowledgeBase(client, models.embeddings, log);
  });
  const desk: Desk = { client, models, tools: deskTools(knowledge), ...agentsOf(models) };
  return { indexTraceId, answer: (visit) => answer(desk, visit) };
}

function agentsOf({ agents: model }: DeskModels): Pick<Desk, "refundAgent" | "searchAgent"> {
  return {
    refundAgent: {
      name: "refund",
      description: "decides on refunds and pays them",
      instructions:
        "You decide on refunds. Look up the order and the rules, then act. Answer with notes for the writer.",
      tools: ["look_up_order", "search_knowledge_base", "issue_refund", "open_ticket"],
      model,
      stepLimit: REFUND_STEPS,
    },
    searchAgent: {
      name: "search",
      description: "answers questions from the help pages",
      instructions:
        "You answer questions from the help pages. Search until you have found it. Answer with notes for the writer.",
      tools: ["search_knowledge_base", "look_up_order"],
      model,
      stepLimit: SEARCH_STEPS,
    },
  };
}

function answer(desk: Desk, { customer, session, letter }: Visit): Promise<VisitResult> {
  const options = { sessionId: session, userId: customer, input: letter, captureOutput: false };
  return Telltale.withSpan("support_request", options, async (span) => {
    const sorted = await sort(desk, letter);
    if (sorted === undefined) {
      const notes = "not found: the letter could not be sorted; handed over to a colleague.";
      span.setAttribute("support.end", "handed over");
      const reply = await writeReply(desk.client, desk.models.writer, { customer, language: "en", letter, notes });
      span.setOutput(reply);
      return { traceId: span.traceId, end: "handed over", reply };
    }
    const { notes, end } = await work(desk, sorted, letter);
    span.setAttribute("support.end", end);
    const { language } = sorted;
    const reply = await writeReply(desk.client, desk.models.writer, { customer, language, letter, notes });
    span.setOutput(reply);
    return { traceId: span.traceId, end, reply };
  });
}

/** Undefined when the model's answer was broken; the span of the triage says why. */
async function sort(desk: Desk, letter: string): Promise<Triage | undefined> {
  try {
    return await triage(desk.client, desk.models.triage, letter);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function work(desk: Desk, sorted: Triage, letter: string): Promise<{ notes: string; end: string }> {
  const agent = sorted.intent === "refund" ? desk.refundAgent : desk.searchAgent;
  const handoff = { kind: "handoff" as const, input: sorted, captureOutput: false };
  return Telltale.withSpan(`hand over to ${agent.name}`, handoff, async () => {
    try {
      const notes = await runAgent(desk.client, agent, desk.tools, letter);
      return { notes, end: endOf(notes) };
    } catch (error) {
      if (!(error instanceof StepLimitError)) throw error;
      return { notes: `not found: step limit. ${error.message}`, end: "step limit" };
    }
  });
}

function endOf(notes: string): string {
  if (/refund paid|refunded/i.test(notes)) return "refunded";
  return /\bT-\d+/.test(notes) ? "ticket opened" : "answered";
}
