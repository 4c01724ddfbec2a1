// What the menus of cables and nodes do, as commands, and which of it is in force. Pure.
import type { Way } from "./strokes";
import type { CableLinks, ClientMessage, Command, LinkView, NodeView, Verb } from "./wire";

export type Ends = Pick<Command, "from" | "to" | "one_way">;

// ends names the links of a cable in one direction or both.
export function ends(from: string, to: string, way: Way): Ends {
  if (way === "both") return { from, to };
  return way === "there" ? { from, to, one_way: true } : { from: to, to: from, one_way: true };
}

// linkOf is what a menu shows of a cable: one direction, or of both the worse.
export function linkOf(links: CableLinks | undefined, way: Way): LinkView {
  const { there = {}, back = {} } = links ?? {};
  if (way !== "both") return way === "there" ? there : back;
  const most = (name: "more" | "drop" | "duplicate" | "reorder" | "late") => Math.max(there[name] ?? 0, back[name] ?? 0);
  const any = (name: "parted" | "cut" | "held" | "some") => Boolean(there[name] || back[name]);
  return {
    parted: any("parted"),
    cut: any("cut"),
    held: any("held"),
    some: any("some") || JSON.stringify(there) !== JSON.stringify(back),
    more: most("more"),
    drop: most("drop"),
    duplicate: most("duplicate"),
    reorder: most("reorder"),
    late: most("late"),
  };
}

// mended returns the commands that undo all that ails links, but for partitions.
export function mended(l: LinkView, links: Ends): Command[] {
  const undo: [boolean, Verb][] = [
    [Boolean(l.cut), "mend"],
    [Boolean(l.held), "release"],
    [Boolean(l.more), "delay"],
    [Boolean(l.drop), "drop"],
    [Boolean(l.duplicate), "duplicate"],
    [Boolean(l.reorder), "reorder"],
  ];
  return undo.filter(([on]) => on).map(([, verb]) => ({ at: 0, verb, ...links }));
}

// flapOf is the period of a cut of these links that comes and goes; 0 if none does.
export function flapOf(commands: readonly Command[], links: Ends, now: number): number {
  const same = (c: Command) => c.verb === "cut" && c.from === links.from && c.to === links.to && Boolean(c.one_way) === Boolean(links.one_way);
  const coming = commands.filter((c) => same(c) && c.at > now);
  const before = commands.filter((c) => same(c) && c.at <= now).pop();
  if (coming.length >= 2) return coming[1]!.at - coming[0]!.at;
  return coming.length === 1 && before ? coming[0]!.at - before.at : 0;
}

// flap has a cut of links come and go for a while; every 0 ends it.
export function flap(links: Ends, every: number, lane: string): Pick<ClientMessage, "type" | "command" | "every" | "for"> {
  const command: Command = { at: 0, verb: "cut", ...links, ...(lane ? { lane } : {}) };
  return { type: "flap", command, every, for: every * FLAPS };
}

const FLAPS = 30; // times that a cut comes and goes

// isolate returns the commands that cut, or mend, all links of a node: those to its own region's others too.
export function isolate(node: string, regions: readonly string[], mend: boolean): Command[] {
  return regions.map((to) => ({ at: 0, verb: mend ? ("mend" as const) : ("cut" as const), from: node, to }));
}

// isolated reports whether a node's links to each region are cut, and have not been mended since, in a lane.
export function isolated(commands: readonly Command[], node: string, regions: readonly string[], now: number, lane: string): boolean {
  return regions.every((to) => {
    const last = commands.filter((c) => c.at <= now && (!c.lane || c.lane === lane) && c.from === node && c.to === to && (c.verb === "cut" || c.verb === "mend")).pop();
    return last?.verb === "cut";
  });
}

// cures returns the verbs that make a node run again.
export function cures(n: NodeView): Verb[] {
  return n.down ? ["restart"] : n.paused ? ["resume"] : [];
}

// steps of the sliders: where it matters, they are finer.
const milliseconds = [0, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000];
export const delays = milliseconds.map((ms) => ms * 1000);
export const chances = [0, 1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100].map((percent) => percent * 10_000);
export const periods = [0, 0.5, 1, 2, 3, 5, 10, 20].map((s) => s * 1e6);
export const skews = [...delays.slice(1).map((d) => -d).reverse(), ...delays];

// nearestStep is the place of the step that is closest to a value.
export function nearestStep(steps: readonly number[], value: number): number {
  return steps.reduce((best, s, i) => (Math.abs(s - value) < Math.abs(steps[best]! - value) ? i : best), 0);
}

// heir is the next node after one, around, that runs and keeps copies; -1 for none.
export function heir(nodes: readonly Pick<NodeView, "down" | "paused">[], holds: readonly boolean[], from: number): number {
  const order = nodes.map((_, i) => (from + 1 + i) % nodes.length).slice(0, -1);
  return order.find((i) => !nodes[i]!.down && !nodes[i]!.paused && holds[i] !== false) ?? -1;
}
