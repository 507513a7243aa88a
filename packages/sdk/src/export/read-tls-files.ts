import type { TlsFiles } from "./outlet-options.ts";

/** What the files hold. */
export interface TlsMaterial {
  readonly ca: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly cert: Buffer | undefined;
}

/** Reads the files with the first request. Rejects when one of them cannot be read. */
export async function readTlsFiles({ authority, clientKey, clientCertificate }: TlsFiles): Promise<TlsMaterial> {
  // Loaded when it is wanted: it brings all of node:stream, which no start-up should wait for.
  const { promises } = process.getBuiltinModule("node:fs");
  const [ca, key, cert] = await Promise.all(
    [authority, clientKey, clientCertificate].map((file) =>
      file === undefined ? Promise.resolve(undefined) : promises.readFile(file),
    ),
  );
  return { ca, key, cert };
}
