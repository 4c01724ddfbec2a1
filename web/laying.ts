// What the places of the regions come to: how the cables hang, and the ways of messages along them. Pure.
import type { Point } from "./curve";
import type { Frame } from "./layout";
import { wires } from "./scene";
import { straight, turned, type Way, type Wire } from "./wires";
import type { World } from "./world";

export interface Laying {
  cables: Wire[];
  way(from: number, to: number): Way | null; // between two nodes
}

// layingOf lays the cables between places, of which the first are those of the regions; held is the region in hand, or -1.
export function layingOf(world: World, f: Frame, places: readonly Point[], held: number): Laying {
  const at = places.slice(0, world.names.length);
  const cables = wires({ cables: world.cables, at, frame: f, held });
  return { cables, way: waysOf(world, f, cables, at) };
}

// waysOf returns how to find the way between two nodes: along the cable of their regions, or straight within one.
function waysOf(world: World, f: Frame, laid: readonly Wire[], places: readonly Point[]): Laying["way"] {
  const found = new Map<number, Way | null>();
  const seatOf = (node: number): Point => {
    const region = world.nodes[node]!.region;
    return f.groups[region]!.seats[world.nodesOf[region]!.indexOf(node)]!;
  };
  const find = (from: number, to: number): Way | null => {
    const [a, b] = [world.nodes[from]?.region ?? -1, world.nodes[to]?.region ?? -1];
    if (a < 0 || b < 0) return null;
    const [lead, tail] = [seatOf(from), seatOf(to)];
    if (a === b) return { wire: straight(places[a]!), lead, tail, direct: true };
    const i = world.cables.findIndex((c) => (c.from === a && c.to === b) || (c.from === b && c.to === a));
    const wire = laid[i];
    return wire ? { wire: world.cables[i]!.from === a ? wire : turned(wire), lead, tail, direct: false } : null;
  };
  return (from, to) => {
    const key = from * 100 + to;
    let way = found.get(key);
    if (way === undefined) found.set(key, (way = find(from, to)));
    return way;
  };
}
