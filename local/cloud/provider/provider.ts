import type { Provider } from "@pulumi/pulumi/provider";

import { checked } from "./check";
import type { Cloud } from "./cloud";
import { differences, withDefault } from "./compare";
import { Unfinished } from "./handler";
import type { Handler } from "./handler";
import { handlerOf, unsupported } from "./handlers";
import { invokesFor } from "./invokes";
import { ownTags, tagsOf } from "./tags";
import { definedProperties, isRecord } from "./values";
import type { Properties } from "./values";

// A refresh must tell a default that the program wrote from one that it left out, but Pulumi's server
// does not hand the old inputs to `read`: so the state keeps a copy.
const programInputs = "__inputs";

/** A provider for exactly the given handlers: it rejects any other resource type by name. */
export function localProvider(
  cloud: Cloud,
  handlers: ReadonlyMap<string, Handler>,
  version: string,
): Provider {
  const invokes = invokesFor(cloud);

  function withAllTags(handler: Handler, inputs: Properties): Properties {
    if (!("tags" in handler.inputs.shape)) return inputs;
    return { ...inputs, tags: { ...cloud.defaultTags, ...tagsOf(inputs, "tags") } };
  }

  /** The state to keep for what AWS has, or undefined if it has nothing. */
  async function stateOf(handler: Handler, id: string, known: Properties) {
    const found = await handler.read(id, known);
    if (found === undefined) return undefined;
    const unreadable = handler.unreadable.map((input): [string, unknown] => [
      input,
      withDefault(handler, input, known[input]),
    ]);
    const tags = "tags" in handler.inputs.shape && {
      tags: ownTags(tagsOf(found, "tagsAll"), cloud.defaultTags, tagsOf(known, "tags")),
    };
    return definedProperties({ ...found, ...tags, ...Object.fromEntries(unreadable) });
  }

  /** The state after a change; throws, keeping the id, unless AWS has all that was asked for. */
  async function stateAfter(handler: Handler, id: string, inputs: Properties): Promise<Properties> {
    const state = await stateOf(handler, id, inputs).catch((error: unknown) => {
      throw initFailed(id, inputs, [`${handler.type} "${id}": ${String(error)}`]);
    });
    if (state === undefined) {
      throw initFailed(id, inputs, [`${handler.type} "${id}" was created but does not exist`]);
    }
    const reasons = differences(handler, inputs, state, cloud.defaultTags)
      .filter(({ input }) => !handler.revocable.includes(input))
      .map(
        ({ input, wanted, found }) =>
          `${handler.type} "${id}": input "${input}" was sent as ${shown(wanted)} ` +
          `but reads back as ${shown(found)}`,
      );
    if (reasons.length > 0) throw initFailed(id, state, reasons);
    return { ...state, [programInputs]: inputs };
  }

  return {
    version,

    check(urn, olds: Properties, news: Properties) {
      const handler = handlers.get(typeOf(urn));
      if (handler === undefined) {
        const reason = unsupported(typeOf(urn));
        return Promise.resolve({ inputs: news, failures: [{ property: "", reason }] });
      }
      return Promise.resolve(checked(handler, urn, olds, news));
    },

    diff(_id, urn, olds: Properties, news: Properties) {
      const handler = handlerOf(handlers, typeOf(urn));
      const changed = differences(handler, news, olds, cloud.defaultTags).map(({ input }) => input);
      return Promise.resolve({
        changes: changed.length > 0,
        replaces: changed.filter((input) => handler.replaceOn.includes(input)),
        deleteBeforeReplace: handler.fixedName,
      });
    },

    async create(urn, inputs: Properties) {
      const handler = handlerOf(handlers, typeOf(urn));
      const id = await handler.create(withAllTags(handler, inputs)).catch((error: unknown) => {
        throw error instanceof Unfinished ? initFailed(error.id, inputs, [error.message]) : error;
      });
      return { id, outs: await stateAfter(handler, id, inputs) };
    },

    async read(id, urn, state: Properties = {}) {
      const handler = handlerOf(handlers, typeOf(urn));
      const props = await stateOf(handler, id, state);
      // An empty id tells the engine that the resource is gone.
      if (props === undefined) return { id: "", props: {} };
      const kept = state[programInputs];
      // An import has no program yet: everything that AWS has counts as given.
      const given = isRecord(kept) ? kept : inputsAmong(handler, props);
      const inputs = inputsFor(handler, cloud, given, props);
      return { id, props: { ...props, [programInputs]: given }, inputs };
    },

    async update(id, urn, olds: Properties, news: Properties) {
      const handler = handlerOf(handlers, typeOf(urn));
      await handler.update(id, withAllTags(handler, news), olds).catch((error: unknown) => {
        throw error instanceof Unfinished ? initFailed(id, olds, [error.message]) : error;
      });
      return { outs: await stateAfter(handler, id, news) };
    },

    delete: (id, urn, state: Properties) => handlerOf(handlers, typeOf(urn)).delete(id, state),

    invoke(token, args: Properties) {
      const invoke = invokes.get(token);
      if (invoke === undefined) {
        throw new Error(`the local aws provider does not support function ${token}`);
      }
      return invoke(args).then((outputs) => ({ outputs: definedProperties(outputs) }));
    },
  };
}

function inputsAmong(handler: Handler, state: Properties): Properties {
  const entries = Object.keys(handler.inputs.shape).map((input): [string, unknown] => [
    input,
    state[input],
  ]);
  return definedProperties(Object.fromEntries(entries));
}

/** The program's inputs, less what AWS no longer has and with what it has instead. */
function inputsFor(handler: Handler, cloud: Cloud, given: Properties, state: Properties) {
  const drifted = new Set(
    differences(handler, given, state, cloud.defaultTags).map(({ input }) => input),
  );
  const entries = Object.keys(handler.inputs.shape).map((input): [string, unknown] => [
    input,
    drifted.has(input) ? state[input] : given[input],
  ]);
  return definedProperties(Object.fromEntries(entries));
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").pop() ?? urn;
}

// Pulumi's server turns an error with an id into "exists, but is not as it should be".
function initFailed(id: string, properties: Properties, reasons: string[]): Error {
  return Object.assign(new Error(reasons.join("\n")), {
    id,
    properties: definedProperties(properties),
    reasons,
  });
}

function shown(value: unknown): string {
  return value === undefined ? "undefined" : JSON.stringify(value);
}
