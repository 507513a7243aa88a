import { loadWatching } from "#watching";
import type { JoinedSpanProcessor } from "../join/span-processor.ts";
import type { Tracer } from "../vercel-ai/tracer.ts";
import { TraceloopError } from "./errors.ts";

/** What stands in the place of a thing that lives in Traceloop's service: it is there, and says so when it is used. */
function refusal(what: string, instead: string): TraceloopError {
  return new TraceloopError(`${what} is a part of Traceloop's service, which is not here: ${instead}`);
}

const DATASETS = "keep data sets on Telltale's server (telltale eval), or in files of the program.";
const EVALUATORS = "judge traces on Telltale's server (telltale eval).";

type Refusing = new (...values: unknown[]) => object;

function missing(what: string, instead: string): Refusing {
  return class {
    constructor() {
      throw refusal(what, instead);
    }
  };
}

export const Dataset: Refusing = missing("Dataset", DATASETS);
export const Datasets: Refusing = missing("Datasets", DATASETS);
export const Column: Refusing = missing("Column", DATASETS);
export const Row: Refusing = missing("Row", DATASETS);
export const Attachment: Refusing = missing("Attachment", DATASETS);
export const ExternalAttachment: Refusing = missing("ExternalAttachment", DATASETS);
export const AttachmentReference: Refusing = missing("AttachmentReference", DATASETS);
export const AttachmentUploader: Refusing = missing("AttachmentUploader", DATASETS);
export const ImageUploader: Refusing = missing("ImageUploader", "set captureMedia to send pictures with their spans.");
export const Experiment: Refusing = missing("Experiment", EVALUATORS);
export const Evaluator: Refusing = missing("Evaluator", EVALUATORS);

/** Nothing is one: there are none to make. */
export const isAttachment = (_value: unknown): boolean => false;
export const isExternalAttachment = (_value: unknown): boolean => false;
export const isAttachmentReference = (_value: unknown): boolean => false;
export const isAnyAttachment = (_value: unknown): boolean => false;

/** Makers of attachments; each refuses. */
export const attachment: Readonly<Record<"file" | "buffer" | "url", () => never>> = {
  file: refuseAttachment,
  buffer: refuseAttachment,
  url: refuseAttachment,
};

function refuseAttachment(): never {
  throw refusal("attachment", DATASETS);
}

/** Names of evaluators in Traceloop's service: none of them is here. */
export const EvaluatorMadeByTraceloop: Readonly<Record<string, never>> = {};

/** Refuses: there is no evaluator of this name here. */
export function createEvaluator(slug: string): never {
  throw refusal(`The evaluator ${slug}`, EVALUATORS);
}

/** No evaluator is known, so no input fits one. */
export function validateEvaluatorInput(slug: string): { readonly valid: false; readonly missingFields: readonly [] } {
  void slug;
  return { valid: false, missingFields: [] };
}

/** None. */
export const getAvailableEvaluatorSlugs = (): string[] => [];
/** Nothing is known of any. */
export const getEvaluatorSchemaInfo = (_slug: string): undefined => undefined;

/**
 * A client for Traceloop's service. It can be made and passed around, as programs do when they start; whatever is
 * called on it throws and says what to use.
 */
export class TraceloopClient {
  readonly [name: string]: unknown;

  constructor(_options?: unknown) {
    return new Proxy(this, {
      get: (_, name) => (typeof name === "symbol" || name === "then" ? undefined : part(name)),
    });
  }
}

function part(name: string): unknown {
  const instead = /annotation|feedback/i.test(name) ? "call Telltale.score for feedback." : DATASETS;
  const refuse = (): never => {
    throw refusal(`client.${name}`, instead);
  };
  return new Proxy(refuse, {
    get: (target, deeper) => (typeof deeper === "symbol" || deeper === "then" ? undefined : target),
  });
}

const client = new TraceloopClient();

/** The client; see {@link TraceloopClient}. */
export function getClient(): TraceloopClient {
  return client;
}

/** OpenLLMetry's prompt registry, which has no counterpart. Throws and says what to use. */
export function getPrompt(key: string, _variables?: Readonly<Record<string, string>>): never {
  throw refusal(`The prompt "${key}"`, "keep prompts with the program, and call recordPrompt to tell of them.");
}

/** A tracer for the AI SDK, in the place of OpenLLMetry's own. */
export function getTraceloopTracer(): Tracer {
  return loadWatching().tracer;
}

/** For an OpenTelemetry set-up that is there already. Where spans go is what `initialize` was told. */
export function createSpanProcessor(_options?: unknown): JoinedSpanProcessor {
  return loadWatching().spanProcessor();
}

/** The word that OpenLLMetry's span processor takes for "spans of all libraries". */
export const ALL_INSTRUMENTATION_LIBRARIES = "all";
/** Names of OpenLLMetry's instrumentations: none is used here. */
export const traceloopInstrumentationLibraries: string[] = [];
