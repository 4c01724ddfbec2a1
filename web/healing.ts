// What Heal does: it brings every region home and mends every link, so that nothing stands between nodes any more, and
// can be undone as one. Crashed or paused machines stay so. Pure.
import { flapOf, isolate, isolated, mended, type Ends } from "./menu_faults";
import { partitionOf } from "./partition";
import type { CableLinks, Command, LinkView } from "./wire";

// Ailing is what there is to heal in.
export interface Ailing {
  names: readonly string[]; // of the regions
  nodes: readonly string[];
  lanes: readonly { name: string; links: readonly CableLinks[] }[];
  cables: readonly { from: number; to: number }[];
  groups: readonly number[];
  commands: readonly Command[];
  now: number;
}

// A Flapping is a cut that comes and goes.
export interface Flapping {
  links: Ends;
  every: number;
  lane: string;
}

export interface Healing {
  parted: boolean; // regions come home
  cables: number; // that are mended
  commands: Command[];
  flaps: Flapping[];
  undo: Command[]; // what makes all as it was, but for the flapping
}

// healing returns what is to be done; of nothing, no commands and no flaps.
export function healing(a: Ailing): Healing {
  const partition = partitionOf(a.groups, a.names);
  const flaps = flappings(a);
  const alone = severed(a);
  const ill = a.cables.map((c, i) => ({ ends: { from: a.names[c.from]!, to: a.names[c.to]! }, links: a.lanes.map((l) => l.links[i]) })).filter((c) => c.links.some(ails));
  const commands = ill.flatMap((c) => cures(c.ends, c.links));
  return {
    parted: partition !== null,
    cables: new Set([...ill.map((c) => key(c.ends)), ...flaps.map((f) => key(f.links))]).size,
    commands: [...(partition ? [{ at: 0, verb: "heal" } as Command] : []), ...commands, ...alone.flatMap((node) => isolate(node, a.names, true))],
    flaps,
    undo: [...(partition ? [partition] : []), ...ill.flatMap((c) => relapses(c.ends, c.links, a.lanes.map((l) => l.name), alone.length > 0)), ...alone.flatMap((node) => isolate(node, a.names, false))],
  };
}

const key = (e: Ends) => [e.from, e.to].sort().join();

const ails = (links: CableLinks | undefined) => Boolean(links && (mended(links.there, {}).length > 0 || mended(links.back, {}).length > 0));

// cures returns the commands that mend a cable in every lane: each kind once, both ways.
function cures(ends: Ends, lanes: readonly (CableLinks | undefined)[]): Command[] {
  const all = lanes.flatMap((l) => (l ? [...mended(l.there, ends), ...mended(l.back, ends)] : []));
  return all.filter((c, i) => all.findIndex((o) => o.verb === c.verb) === i);
}

// relapses returns the commands that make a cable as it is now: of all lanes, if they are alike, and both ways, if those are.
// Where a node is isolated, links that differ among nodes are so because of that.
function relapses(ends: Ends, lanes: readonly (CableLinks | undefined)[], names: readonly string[], isolation: boolean): Command[] {
  const of = (l: CableLinks | undefined): Command[] => {
    if (!l) return [];
    const [there, back] = [l.there, l.back].map((v) => (isolation && v.some ? {} : v)) as [LinkView, LinkView];
    const turned: Ends = { from: ends.to, to: ends.from, one_way: true };
    const ways = [faults(there, { ...ends, one_way: true }), faults(back, turned)] as const;
    const both = faults(there, ends);
    return JSON.stringify(both) === JSON.stringify(faults(back, ends)) ? both : ways.flat();
  };
  const perLane = lanes.map(of);
  if (perLane.every((l) => JSON.stringify(l) === JSON.stringify(perLane[0]))) return perLane[0] ?? [];
  return perLane.flatMap((list, i) => list.map((c) => ({ ...c, lane: names[i]! })));
}

// faults returns the commands that make links suffer what a view of them shows, but for partitions.
function faults(l: LinkView, ends: Ends): Command[] {
  const of = (on: unknown, c: Pick<Command, "verb" | "by" | "chance">): Command[] => (on ? [{ at: 0, ...c, ...ends }] : []);
  return [
    ...of(l.cut, { verb: "cut" }),
    ...of(l.held, { verb: "hold" }),
    ...of(l.more, { verb: "delay", by: l.more }),
    ...of(l.drop, { verb: "drop", chance: l.drop }),
    ...of(l.duplicate, { verb: "duplicate", chance: l.duplicate }),
    ...of(l.reorder, { verb: "reorder", chance: l.reorder, by: l.late }),
  ];
}

// flappings returns the cuts that will come again and again.
function flappings(a: Ailing): Flapping[] {
  const found = new Map<string, Flapping>();
  for (const { at, verb, from, to, one_way, lane = "" } of a.commands) {
    if (at <= a.now || verb !== "cut" || !a.names.includes(from ?? "") || !a.names.includes(to ?? "")) continue;
    const links: Ends = { from, to, ...(one_way ? { one_way } : {}) };
    const name = `${from} ${to} ${one_way} ${lane}`;
    if (!found.has(name)) found.set(name, { links, lane, every: flapOf(a.commands.filter((c) => (c.lane ?? "") === lane), links, a.now) });
  }
  return [...found.values()].filter((f) => f.every > 0);
}

// severed returns the nodes that are isolated, in any lane.
function severed(a: Ailing): string[] {
  const cut = new Set(a.commands.filter((c) => c.verb === "cut" && a.nodes.includes(c.from ?? "")).map((c) => c.from!));
  return [...cut].filter((node) => a.lanes.some((l) => isolated(a.commands, node, a.names, a.now, l.name)));
}
