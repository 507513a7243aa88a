import { expectAnswer } from "../ask-server.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { parseServerUrl, serverOption, textOption } from "../options.ts";

/** `telltale demo`: a small support desk of agents, watched. */
export const demo: Command = {
  name: "demo",
  summary: "run a small support desk of agents and watch it",
  parameters: "",
  description:
    "A real program on @telltale/sdk and the openai client: triage, refund and search agents with tools, retrieval, " +
    "streaming, a structured output, an error, and one run that goes round in circles. It sends what it does to a " +
    "running Telltale.\n\n" +
    "With OPENAI_BASE_URL or OPENAI_API_KEY set it talks to that server (OpenAI, or Ollama at " +
    "http://127.0.0.1:11434/v1), which may cost a few cents. Otherwise it starts a scripted model server on this " +
    "machine, and nothing leaves it.",
  options: {
    url: serverOption,
    speed: {
      type: "string",
      placeholder: "FACTOR",
      summary: "how much faster than life the scripted model answers",
      fallback: "1",
    },
  },
  examples: [
    { line: "telltale demo", does: "against a server on http://127.0.0.1:4318" },
    {
      line: "OPENAI_BASE_URL=http://127.0.0.1:11434/v1 telltale demo",
      does: "with the models of an Ollama on this machine",
    },
  ],
  run,
};

function speedOf(call: CommandCall): number {
  const text = textOption(call, "speed") ?? "1";
  const speed = Number(text);
  if (speed > 0 && Number.isFinite(speed)) return speed;
  throw new CommandError(`${text} is not a speed.`, { hint: "It is a number above 0, such as 10.", exitCode: 2 });
}

async function run(call: CommandCall): Promise<number> {
  const server = parseServerUrl(textOption(call, "url") ?? serverOption.fallback);
  const speed = speedOf(call);
  // Half a minute of agents that nobody sees would be a poor demo.
  await expectAnswer(server);
  const { runDemo } = await import("../demo/run-demo.ts");
  await runDemo({ endpoint: server.origin, speed, log: (line: string) => call.terminal.print(line) });
  return 0;
}
