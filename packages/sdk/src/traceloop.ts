/*
 * The names of OpenLLMetry's SDK, so that a program written for it moves with one changed import:
 * from "@traceloop/node-server-sdk" to "@telltale/sdk/traceloop".
 */
export {
  AssociationProperty,
  type AssociationProperties,
  reportAssociationProperties,
  withAssociationProperties,
} from "./traceloop/association-properties.ts";
export {
  agent,
  conversation,
  type DecoratorConfig,
  type DecoratorSettings,
  type EitherDecorator,
  task,
  tool,
  withAgent,
  withConversation,
  withTask,
  withTool,
  withWorkflow,
  workflow,
} from "./traceloop/entities.ts";
export { getClient, getPrompt, InitializationError, NotInitializedError, TraceloopError } from "./traceloop/errors.ts";
export {
  forceFlush,
  initialize,
  type InitializeOptions,
  waitForInitialization,
} from "./traceloop/initialize-traceloop.ts";
export { LLMSpan, reportCustomMetric, VectorSpan, withLLMCall, withVectorDBCall } from "./traceloop/manual-spans.ts";
