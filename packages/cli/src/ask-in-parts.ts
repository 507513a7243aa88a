import { askServer } from "./ask-server.ts";

/** Progress is told this often at most. */
const NOTE_MS = 2000;

/** Answer of a request that the server works on in parts: every few seconds it says how far it has come. */
export interface Part {
  /** Sent back as `cursor` it goes on; null at the end. */
  readonly nextCursor: string | null;
}

/** What becomes of the parts. */
export interface Parts<Answer extends Part> {
  /** Two answers, one behind the other, as one. */
  readonly merge: (first: Answer, next: Answer) => Answer;
  /** Called with everything so far, every few seconds while there is more to come. */
  readonly progress: (answer: Answer) => void;
}

/** Posts a request until everything was worked on, and gives the answers as one. */
export async function askInParts<Answer extends Part>(
  server: URL,
  path: string,
  request: object,
  { merge, progress }: Parts<Answer>,
): Promise<Answer> {
  let answer: Answer | undefined;
  let cursor: string | null = null;
  let notedAt = Date.now();
  do {
    const body: object = { ...request, ...(cursor === null ? {} : { cursor }) };
    // The server checks its own answer's form in its tests.
    const next = (await askServer(server, path, body)) as Answer;
    answer = answer ? merge(answer, next) : next;
    cursor = answer.nextCursor;
    if (cursor !== null && Date.now() - notedAt >= NOTE_MS) {
      notedAt = Date.now();
      progress(answer);
    }
  } while (cursor !== null);
  return answer;
}
