// What stands out on a stage: the violation that is explained, and what differs from the other run.
import { litOf, type Lit } from "./causes";
import { STUB } from "./flights";
import type { Frame } from "./layout";
import type { Laying } from "./laying";
import * as store from "./store";
import { tracesOf } from "./traces";
import type { World } from "./world";

// litIn returns what the violation that is explained lights in a lane, if it is of that lane.
export function litIn(lane: number, world: World): Lit | null {
  const cause = store.cause.peek();
  return cause && store.why.peek()?.lane === lane ? litOf(cause, world.nodes.length, store.hot.peek()) : null;
}

// markedIn returns the messages that stand out: those of that violation, or those that the other run does not have.
export function markedIn(lane: number, world: World): ReadonlySet<number> | null {
  const other = store.contrast.peek()?.messages;
  return litIn(lane, world)?.messages ?? (other?.size ? other : null);
}

// contrastNodes rings the nodes that are otherwise in the other run.
export function contrastNodes(host: HTMLElement, world: World): void {
  const differs = store.contrast.peek()?.nodes;
  if (!differs) return;
  for (const el of host.querySelectorAll<SVGElement>("[data-node-target]")) {
    el.dataset.differs = differs.has(world.nodes[Number(el.dataset.nodeTarget)]?.name ?? "") ? "1" : "0";
  }
}

// waysOf are the ways of a violation's messages.
export function waysOf(lit: Lit, world: World, f: Frame, way: Laying["way"]): ReturnType<typeof tracesOf> {
  const region = (node: number) => world.nodes[node]?.region ?? 0;
  const halfTrip = (a: number, b: number) => {
    const c = world.cables.find((o) => (o.from === region(a) && o.to === region(b)) || (o.from === region(b) && o.to === region(a)));
    return Math.max((c?.round_trip ?? 0) / 2, 1);
  };
  return tracesOf(lit.ways, { way, halfTrip, radius: (node) => f.groups[region(node)]!.r, stub: STUB });
}
