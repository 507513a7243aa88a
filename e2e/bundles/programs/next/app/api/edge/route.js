import { Telltale } from "@telltale/sdk";
import { answer } from "../../../answer.js";

export const runtime = "edge";

export async function POST() {
  const text = await answer();
  await Telltale.flush(5000);
  return new Response(text);
}
