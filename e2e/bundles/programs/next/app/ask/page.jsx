import { redirect } from "next/navigation";
import { answer } from "../../answer.js";

/** A server action; its answer stands in the address that it sends the reader to. */
async function ask() {
  "use server";
  redirect(`/ask?said=${encodeURIComponent(await answer())}`);
}

const Page = () => (
  <form action={ask}>
    <button type="submit">Ask</button>
  </form>
);

export { Page as default };
