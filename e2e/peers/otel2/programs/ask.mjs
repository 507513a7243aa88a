/* What every program here asks. */
export async function ask(openai) {
  const said = await openai.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: "What is a telltale?" }],
  });
  console.log(said.choices[0].message.content);
}

export const clientOptions = { apiKey: "none", baseURL: `${process.env.MODEL_URL}/v1` };
