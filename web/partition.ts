// Who can talk to whom, and who is away: read off the groups of the regions and the log of commands.
import { distance, type Point } from "./curve";
import type { Command, LogChange } from "./wire";

// A Band is a span of the run during which the same regions were away. One that has not ended has no end.
export interface Band {
  from: number;
  to: number | null;
  regions: string[];
}

// mainGroup is the group that is at home: of those that a partition does not name, 0; if it names all, the largest, and
// of several the one with the smallest number. So nobody goes home because others have joined each other.
function mainGroup(groups: readonly number[]): number {
  if (groups.includes(0)) return 0;
  const size = new Map<number, number>();
  for (const g of groups) size.set(g, (size.get(g) ?? 0) + 1);
  let best = 0;
  let most = 0;
  for (const g of [...size.keys()].sort((a, b) => a - b)) {
    const n = size.get(g) ?? 0;
    if (n > most) [best, most] = [g, n];
  }
  return best;
}

// awayFlags says of each region whether it is away: not in the main group.
export function awayFlags(groups: readonly number[]): boolean[] {
  const main = mainGroup(groups);
  return groups.map((g) => g !== main);
}

// groupsOf returns the group of each region after a command: 0 for those that it does not name.
function groupsOf(command: Command, names: readonly string[]): number[] {
  const groups = names.map(() => 0);
  (command.groups ?? []).forEach((regions, i) => {
    for (const region of regions ?? []) {
      const at = names.indexOf(region);
      if (at >= 0) groups[at] = i + 1;
    }
  });
  return groups;
}

// amendLog returns the log of commands after a change.
export function amendLog(commands: readonly Command[], change: LogChange): Command[] {
  return [...commands.slice(0, change.from), ...(change.added ?? []), ...commands.slice(change.from + change.dropped)];
}

// isFault reports whether a command says anew who can talk to whom, in every lane.
export function isFault(command: Command): boolean {
  return !command.lane && (command.verb === "partition" || command.verb === "heal");
}

// awaySince returns, for each region that is away at an instant, since when.
export function awaySince(commands: readonly Command[], names: readonly string[], at: number): (number | null)[] {
  let since: (number | null)[] = names.map(() => null);
  for (const command of commands) {
    if (!isFault(command) || command.at > at) continue;
    const flags = awayFlags(groupsOf(command, names));
    since = since.map((s, i) => (flags[i] ? (s ?? command.at) : null));
  }
  return since;
}

// awayAfter returns the names of the regions that a partition sends away.
export function awayAfter(command: Command, names: readonly string[]): string[] {
  const flags = awayFlags(groupsOf(command, names));
  return names.filter((_, i) => flags[i]);
}

// bands returns the spans during which regions were, or will be, away.
export function bands(commands: readonly Command[], names: readonly string[]): Band[] {
  const list: Band[] = [];
  let open: Band | null = null;
  for (const command of commands) {
    if (!isFault(command)) continue;
    const regions: string[] = awayAfter(command, names);
    if (open && open.regions.join() === regions.join()) continue;
    if (open) open.to = command.at;
    open = regions.length > 0 ? { from: command.at, to: null, regions } : null;
    if (open) list.push(open);
  }
  return list;
}

// move returns the command that sends one region away, or brings it home, and leaves the others as they are. Away, it is
// alone, or joins the side of another region that is away. The last one at home stays there: null.
export function move(groups: readonly number[], names: readonly string[], region: string, away: boolean, join = ""): Command | null {
  const main = mainGroup(groups);
  const parted = new Map<number, string[]>();
  names.forEach((name, i) => {
    const group = groups[i] ?? main;
    if (name === region || group === main) return;
    parted.set(group, [...(parted.get(group) ?? []), name]);
  });
  const list = [...parted.values()];
  const side = list.find((group) => group.includes(join));
  if (away && side) side.push(region);
  else if (away) list.push([region]);
  if (list.length === 0) return { at: 0, verb: "heal" };
  if (away && list.flat().length === names.length) return null;
  return { at: 0, verb: "partition", groups: list };
}

// partitionOf returns the command that parts the regions as they are parted; null if they are not.
export function partitionOf(groups: readonly number[], names: readonly string[]): Command | null {
  const main = mainGroup(groups);
  const others = [...new Set(groups)].filter((g) => g !== main).sort((a, b) => a - b);
  return others.length === 0 ? null : { at: 0, verb: "partition", groups: others.map((g) => names.filter((_, i) => groups[i] === g)) };
}

// ties returns the pairs of regions that are away on one side, each with the next.
export function ties(groups: readonly number[]): [number, number][] {
  const main = mainGroup(groups);
  const last = new Map<number, number>();
  const list: [number, number][] = [];
  groups.forEach((g, i) => {
    const before = last.get(g);
    if (g !== main && before !== undefined) list.push([before, i]);
    last.set(g, i);
  });
  return list;
}

// NEAR is how many halos' widths apart two regions that are away may be put so that they are on one side.
const NEAR = 1.25;

// neighbour is the region, among those that are away, beside which another one is put; -1 for none.
export function neighbour(places: readonly Point[], away: readonly boolean[], region: number, at: Point, width: number): number {
  let best = -1;
  let least = width * NEAR;
  places.forEach((p, i) => {
    if (i === region || !away[i] || distance(p, at) > least) return;
    [best, least] = [i, distance(p, at)];
  });
  return best;
}

// undoings names what undoes a fault; what is not here undoes itself when it is set to nothing.
const undoings: Partial<Record<Command["verb"], Command["verb"]>> = {
  partition: "heal",
  cut: "mend",
  hold: "release",
  crash: "restart",
  exit: "restart",
  wipe: "restart",
  pause: "resume",
};

// undoneAt is when a fault was undone: Infinity if it has not been, null where no other command does so.
export function undoneAt(fault: Command, commands: readonly Command[]): number | null {
  const by = undoings[fault.verb];
  if (!by) return null;
  const undoes = (c: Command) => c.verb === by && c.at > fault.at && (!c.lane || !fault.lane || c.lane === fault.lane) && (c.node ?? "") === (fault.node ?? "");
  return commands.find(undoes)?.at ?? Infinity;
}
