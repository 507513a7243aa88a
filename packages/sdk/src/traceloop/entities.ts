import { currentScope, runtime, type Scope } from "../runtime.ts";
import { inherit } from "../span/association.ts";
import type { SpanKind } from "../span/span-kind.ts";
import { withAgent as runAgent } from "../span/with-agent.ts";
import type { SpanOptions, SpanWork } from "../span/with-span.ts";
import { withTask as runTask, withWorkflow as runWorkflow } from "../span/with-workflow.ts";
import { withTool as runTool } from "../span/with-tool.ts";
import { type AssociationProperties, associated } from "./association-properties.ts";

/** How OpenLLMetry describes a workflow, a task, an agent or a tool. */
export interface DecoratorConfig {
  name: string;
  version?: number;
  associationProperties?: AssociationProperties;
  conversationId?: string;
  /** False sends no content of this span and of those below it. */
  traceContent?: boolean;
  /** Told as the input instead of the arguments. */
  inputParameters?: unknown[];
  /** True makes no span of this and of what is below it. */
  suppressTracing?: boolean;
}

type EntityKind = Extract<SpanKind, "workflow" | "task" | "agent" | "tool">;
type Work = (this: unknown, ...values: never[]) => unknown;

/** Runs the function with the arguments as a workflow. Answers with a promise, as OpenLLMetry does. */
export function withWorkflow<A extends unknown[], T>(
  config: DecoratorConfig,
  fn: (...args: A) => T,
  ...args: A
): Promise<Awaited<T>> {
  return entity("workflow", config, fn, undefined, args);
}

/** Runs the function with the arguments as a task. */
export function withTask<A extends unknown[], T>(
  config: DecoratorConfig,
  fn: (...args: A) => T,
  ...args: A
): Promise<Awaited<T>> {
  return entity("task", config, fn, undefined, args);
}

/** Runs the function with the arguments as an agent. */
export function withAgent<A extends unknown[], T>(
  config: DecoratorConfig,
  fn: (...args: A) => T,
  ...args: A
): Promise<Awaited<T>> {
  return entity("agent", config, fn, undefined, args);
}

/** Runs the function with the arguments as a tool. */
export function withTool<A extends unknown[], T>(
  config: DecoratorConfig,
  fn: (...args: A) => T,
  ...args: A
): Promise<Awaited<T>> {
  return entity("tool", config, fn, undefined, args);
}

/** Runs the function as a workflow of a conversation: everything in it belongs to that session. */
export function withConversation<A extends unknown[], T>(
  conversationId: string,
  fn: (...args: A) => T,
  thisArg?: unknown,
  ...args: A
): Promise<Awaited<T>> {
  return entity("workflow", { name: `conversation.${conversationId}`, conversationId }, fn, thisArg, args);
}

type Runner = <T>(name: string, options: Omit<SpanOptions, "kind">, work: SpanWork<T>) => T;

const RUNNERS: Readonly<Record<EntityKind, Runner>> = {
  workflow: runWorkflow,
  task: runTask,
  agent: runAgent,
  tool: runTool,
};

async function entity<A extends unknown[], T>(
  kind: EntityKind,
  config: DecoratorConfig,
  fn: (...args: A) => T,
  thisArg: unknown,
  args: A,
): Promise<Awaited<T>> {
  const { name, version, associationProperties, conversationId, traceContent, inputParameters } = config;
  const run = (): T => Reflect.apply(fn, thisArg, args);
  if (config.suppressTracing === true) return await runtime.storage.run({ ...unseen(), tapped: true }, run);
  if (currentScope()?.tapped === true) return await run();
  const input = inputParameters ?? args;
  const options: Omit<SpanOptions, "kind"> = {
    ...(input.length === 0 ? {} : { input: input.length === 1 ? input[0] : input }),
    ...(traceContent === undefined ? {} : { captureContent: traceContent }),
    ...(conversationId === undefined ? {} : { sessionId: conversationId }),
    ...(version === undefined ? {} : { attributes: { "telltale.version": version } }),
  };
  return await associated(associationProperties, () => RUNNERS[kind](name, options, run));
}

function unseen(): Scope {
  const scope = currentScope();
  return { ...inherit(scope), span: scope?.span, tapped: true };
}

/** Told by a decorator, once or for each call. */
export type DecoratorSettings =
  | Partial<DecoratorConfig>
  | ((thisArg: unknown, ...values: unknown[]) => Partial<DecoratorConfig>);

/** A decorator of methods, standard or of TypeScript's `experimentalDecorators`. */
export type EitherDecorator = (target: unknown, context: unknown, descriptor?: PropertyDescriptor) => never;

/** Makes what the compiler calls, whichever form of decorators it compiles to. */
function decorator(around: (method: Work, name: string) => Work): EitherDecorator {
  const decorate = (target: unknown, context: unknown, descriptor?: PropertyDescriptor): unknown => {
    if (descriptor === undefined) {
      const { name } = context as ClassMethodDecoratorContext;
      return around(target as Work, String(name));
    }
    descriptor.value = around(descriptor.value as Work, String(context));
    return descriptor;
  };
  // Both forms have other types; the program's compiler checks neither against the other.
  return decorate as EitherDecorator;
}

function entityDecorator(kind: EntityKind): (settings?: DecoratorSettings) => EitherDecorator {
  return (settings = {}) =>
    decorator(
      (method, methodName) =>
        function (...values) {
          const told = typeof settings === "function" ? settings(this, ...values) : settings;
          return entity(kind, { ...told, name: told.name ?? methodName }, method, this, values);
        },
    );
}

/** `@workflow({ name })` */
export const workflow: (settings?: DecoratorSettings) => EitherDecorator = entityDecorator("workflow");
/** `@task({ name })` */
export const task: (settings?: DecoratorSettings) => EitherDecorator = entityDecorator("task");
/** `@agent({ name })` */
export const agent: (settings?: DecoratorSettings) => EitherDecorator = entityDecorator("agent");
/** `@tool({ name })` */
export const tool: (settings?: DecoratorSettings) => EitherDecorator = entityDecorator("tool");

/** `@conversation(id)` */
export function conversation(
  conversationId: string | ((thisArg: unknown, ...values: unknown[]) => string),
): EitherDecorator {
  return decorator(
    (method) =>
      function (...values) {
        const id = typeof conversationId === "function" ? conversationId(this, ...values) : conversationId;
        return withConversation(id, method, this, ...values);
      },
  );
}
