import type { Fleet } from "./fleet";
import { type InvocationProxy, openInvocationProxy } from "./invocationProxy";

/** Router of an endpoint: shifts traffic between its fleets. */
export interface Router extends InvocationProxy {
  /** Sends all traffic to this fleet, but this share of it to the next one. */
  readonly route: (fleet: Fleet, next?: { readonly fleet: Fleet; readonly share: number }) => void;
}

/** A router without fleets: it answers once it has one. */
export async function openRouter(): Promise<Router> {
  let pick = (): Fleet => {
    throw new Error("no fleet serves");
  };
  const { stop, url } = await openInvocationProxy((invocation) => pick().invoke(invocation));
  return {
    stop,
    url,
    route: (fleet, next) => {
      let count = 0;
      pick = () => {
        if (next === undefined || next.fleet.fault?.isSilent === true) return fleet;
        // Every tenth for 10 %, beginning with the first.
        const isNext = Math.ceil((count + 1) * next.share) > Math.ceil(count * next.share);
        count += 1;
        return isNext ? next.fleet : fleet;
      };
    },
  };
}
