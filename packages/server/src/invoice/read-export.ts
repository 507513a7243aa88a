import { type Invoice, InvoiceError } from "./invoice-line.ts";
import { readCsvExport } from "./read-csv-export.ts";
import { readJsonExport } from "./read-json-export.ts";

/** Reads a provider's export of usage or cost, JSON or CSV. Throws `InvoiceError`. */
export function readExport(content: string): Invoice {
  const start = content.trimStart()[0];
  if (start !== "{" && start !== "[") return readCsvExport(content);
  let told: unknown;
  try {
    told = JSON.parse(content);
  } catch (error) {
    throw new InvoiceError(`it is neither JSON nor CSV: ${String(error)}`);
  }
  return readJsonExport(told);
}
