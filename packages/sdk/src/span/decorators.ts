import { property } from "../hook/read-object.ts";
import { withAgent } from "./with-agent.ts";
import { withRetrieval } from "./with-retrieval.ts";
import { type SpanOptions, type SpanWork, withSpan } from "./with-span.ts";
import { withTask, withWorkflow } from "./with-workflow.ts";
import { withTool } from "./with-tool.ts";

/** How a decorated method is told. */
export interface DecoratorOptions {
  /** Default: the name of the method. */
  readonly name?: string;
  /** False keeps the arguments out of the span. Default true. */
  readonly captureInput?: boolean;
  /** False keeps what the method returns out of the span. Default true. */
  readonly captureOutput?: boolean;
  readonly attributes?: SpanOptions["attributes"];
}

/** A method as it stands in a class. */
type Method<This, Values extends unknown[], Result> = (this: This, ...values: Values) => Result;

/** A decorator of methods: standard (TC39, stage 3), or of TypeScript's `experimentalDecorators`. */
export interface MethodDecorator {
  <This, Values extends unknown[], Result>(
    method: Method<This, Values, Result>,
    context: ClassMethodDecoratorContext<This, Method<This, Values, Result>>,
  ): Method<This, Values, Result>;
  (target: object, name: string | symbol, descriptor: PropertyDescriptor): void;
}

type Work = (this: unknown, ...values: unknown[]) => unknown;

/** One of the functions that run work inside a span. */
type Runner = <T>(name: string, options: Omit<SpanOptions, "kind">, work: SpanWork<T>) => T;

function decorator(run: Runner): (options?: DecoratorOptions) => MethodDecorator {
  return (told) => {
    const { name, captureInput = true, captureOutput = true, attributes = {} } = told ?? {};
    const around = (method: Work, methodName: string): Work =>
      function (...values) {
        // One argument is told as it is, several as a list.
        const input = captureInput ? { input: values.length === 1 ? values[0] : values } : {};
        const options = { ...(values.length === 0 ? {} : input), captureOutput, attributes };
        return run(name ?? methodName, options, () => Reflect.apply(method, this, values) as unknown);
      };
    const decorate = (target: unknown, context: unknown, descriptor?: PropertyDescriptor): unknown => {
      // Of a field, a getter or a class there is no method to run inside a span.
      if (typeof context === "object") {
        const isMethod = property(context, "kind") === "method";
        return isMethod ? around(target as Work, String(property(context, "name"))) : undefined;
      }
      const method: unknown = descriptor?.value;
      if (descriptor !== undefined && typeof method === "function")
        descriptor.value = around(method as Work, String(context));
      return undefined;
    };
    // Both forms have other types; the program's compiler checks the one that it compiles to.
    return decorate as MethodDecorator;
  };
}

/** `@span()` runs a method inside a span, as `withSpan` does. */
export const span: (options?: DecoratorOptions) => MethodDecorator = decorator(withSpan);
/** `@workflow()` runs a method as `withWorkflow` does. */
export const workflow: (options?: DecoratorOptions) => MethodDecorator = decorator(withWorkflow);
/** `@task()` runs a method as `withTask` does. */
export const task: (options?: DecoratorOptions) => MethodDecorator = decorator(withTask);
/** `@agent()` runs a method as `withAgent` does. */
export const agent: (options?: DecoratorOptions) => MethodDecorator = decorator(withAgent);
/** `@tool()` runs a method as `withTool` does; its arguments are the tool's. */
export const tool: (options?: DecoratorOptions) => MethodDecorator = decorator(withTool);
/** `@retrieval()` runs a method as `withRetrieval` does; a text as its first argument is the query. */
export const retrieval: (options?: DecoratorOptions) => MethodDecorator = decorator((name, options, work) => {
  const { input, ...rest } = options;
  const [first] = Array.isArray(input) ? (input as readonly unknown[]) : [input];
  return withRetrieval(name, { ...rest, ...(typeof first === "string" ? { query: first } : {}) }, work);
});
