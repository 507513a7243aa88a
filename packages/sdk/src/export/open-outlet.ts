import { HttpOutlet } from "./http-outlet.ts";
import type { OtlpRequest } from "./otlp-request.ts";
import type { OutletOptions } from "./outlet-options.ts";
import type { Answer, Outlet } from "./outlet.ts";

/** The way to the server. gRPC is loaded with the first request, and only where it was asked for. */
export function openOutlet(options: OutletOptions): Outlet {
  if (options.protocol !== "grpc") return new HttpOutlet({ ...options, json: options.protocol === "http/json" });
  let opened: Promise<Outlet> | undefined;
  const open = async (): Promise<Outlet> => {
    const { GrpcOutlet } = await import("./grpc-outlet.ts");
    return new GrpcOutlet(options);
  };
  return {
    async send(request: OtlpRequest): Promise<Answer> {
      opened ??= open();
      return (await opened).send(request);
    },
    close: () => void opened?.then((outlet) => outlet.close()),
  };
}
