import type { ClientRequest, IncomingMessage } from "node:http";
import { replaceMethod } from "../replace-method.ts";
import { textField } from "../json/read-json.ts";
import type { Exchange } from "./exchange.ts";

/** Notes when the program itself ends a request of node:http, whose error then reads like the server's. */
export function watchLeaving(request: ClientRequest, exchange: Exchange): void {
  for (const name of ["destroy", "abort"]) {
    replaceMethod(request, name, (leave) => (...values) => {
      const [error] = values;
      if (error === undefined) {
        exchange.left = true;
        if (exchange.status !== undefined) exchange.abandon();
      } else exchange.reason = error;
      return leave(...values);
    });
  }
}

/** Notes when the server ends an answer half way: Node tells that to nobody who does not listen for errors. */
export function watchReset(response: IncomingMessage, exchange: Exchange): void {
  replaceMethod(response, "destroy", (destroy) => (...values) => {
    const [error] = values;
    if (!exchange.left && error instanceof Error && textField({ ...error }, "code") === "ECONNRESET") {
      exchange.fail(error);
    }
    return destroy(...values);
  });
}
