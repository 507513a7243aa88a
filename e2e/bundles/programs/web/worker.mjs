import { answer } from "./answer.mjs";

addEventListener("message", ({ data }) => {
  answer(data).then(postMessage, (error) => postMessage(String(error)));
});
