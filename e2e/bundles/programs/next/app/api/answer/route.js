import { answer } from "../../../answer.js";

export async function POST() {
  return new Response(await answer());
}
