import type { ChatRequest } from "./chat-request.ts";
import { refundScript } from "./refund-script.ts";
import type { Script, ScriptedAnswer } from "./script.ts";
import { searchScript } from "./search-script.ts";
import { triageScript } from "./triage-script.ts";
import { writerScript } from "./writer-script.ts";

/** The first that plays a request answers it. */
const SCRIPTS: readonly Script[] = [triageScript, refundScript, searchScript, writerScript];

/** What the scripted model says to a request. */
export function chooseAnswer(request: ChatRequest): ScriptedAnswer {
  return SCRIPTS.find((script) => script.plays(request))?.answer(request) ?? { content: "" };
}
