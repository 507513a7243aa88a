import { type Reply, type Script, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

/** Tokens that a server told in its answers. */
export interface ToldTokens {
  input: number;
  output: number;
}

/** A scripted server that counts the tokens it tells, and all that were started so far. */
export interface CountedServers {
  readonly start: () => Promise<ScriptedServer>;
  /** One for each start. */
  readonly told: readonly ToldTokens[];
}

/** Starts servers of one script that count what they tell, as a bill would. */
export function countedServers(script: Script): CountedServers {
  const told: ToldTokens[] = [];
  const start = (): Promise<ScriptedServer> => {
    const tokens = { input: 0, output: 0 };
    told.push(tokens);
    return startScriptedServer((request) => counted(script(request), tokens));
  };
  return { start, told };
}

function counted(reply: Reply, tokens: ToldTokens): Reply {
  if (typeof reply === "string") return reply;
  if ("pieces" in reply) return { ...reply, pieces: pieces(reply.pieces, tokens) };
  add(tokens, reply.json);
  return reply;
}

function* pieces(all: Iterable<string | Uint8Array>, tokens: ToldTokens): Generator<string | Uint8Array> {
  for (const piece of all) {
    const data = /^data: (\{.*\})$/m.exec(String(piece))?.[1];
    if (data !== undefined) add(tokens, JSON.parse(data));
    yield piece;
  }
}

interface Told {
  readonly usage?: Readonly<Record<string, number>> | null;
  readonly response?: Told;
}

function add(tokens: ToldTokens, answer: unknown): void {
  const told = answer as Told | undefined;
  const usage = told?.usage ?? told?.response?.usage;
  tokens.input += usage?.["prompt_tokens"] ?? usage?.["input_tokens"] ?? 0;
  tokens.output += usage?.["completion_tokens"] ?? usage?.["output_tokens"] ?? 0;
}

/** The tokens that spans tell, each as often as it is told. */
export function tokensOf(spans: readonly { readonly attributes: Readonly<Record<string, unknown>> }[]): ToldTokens {
  const sum = (name: string): number => spans.reduce((all, { attributes }) => all + Number(attributes[name] ?? 0), 0);
  return { input: sum("gen_ai.usage.input_tokens"), output: sum("gen_ai.usage.output_tokens") };
}
