import type { Evaluator } from "../evaluator.ts";

/** Whether the answer is JSON as a program would read it (RFC 8259): nothing around it, no fence of Markdown. */
export const jsonValid: Evaluator = {
  name: "json-valid",
  summary: "the answer is valid JSON and nothing else",
  judge: ({ output }) => {
    if (output === undefined) return { value: null, explanation: "there is no answer" };
    if (typeof output !== "string") return { value: 1, label: "valid", explanation: "it came as a value" };
    try {
      JSON.parse(output);
      return { value: 1, label: "valid" };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const hint = output.trimStart().startsWith("```") ? "it is wrapped in a Markdown fence; " : "";
      return { value: 0, label: "invalid", explanation: hint + reason };
    }
  },
};
