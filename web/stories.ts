// Stories in words: which are one and the same, and which of them is the headline. Pure.
import { awayAfter, isFault } from "./partition";
import type { Command, NoteKind, Story } from "./wire";
import { tell } from "./tellings";

// Told is a story in words.
export interface Told {
  id: number;
  at: number;
  kind: NoteKind;
  lane: string; // "" for every lane
  text: string;
  n: number; // what the story is about; of a lost write its operation
  lost: number; // of a partition: messages lost in all lanes
  says: string; // what a client has read in its product's words; "" in other stories
  came: number; // when the page heard of it, in milliseconds of wall time
}

export interface Known {
  names: readonly string[]; // of the regions
  labels: readonly string[]; // of the nodes
  callers: readonly string[]; // the clients
  lanes: readonly { name: string; protocol: string; mode: string }[];
  commands: readonly Command[];
}

// FAULT_HOLD is for how many milliseconds a fault is the headline whatever else there is to tell: visitors look for what
// their own hand has done.
const FAULT_HOLD = 3000;

// ranks tell which kinds of stories matter more, and for how many milliseconds one stays the headline while lesser
// ones come.
const ranks: Record<NoteKind, { weight: number; hold: number }> = {
  lost: { weight: 6, hold: 15_000 },
  violated: { weight: 5, hold: 8000 },
  partition: { weight: 4, hold: 5000 },
  heal: { weight: 4, hold: 4000 },
  links: { weight: 4, hold: 4000 },
  machine: { weight: 4, hold: 4000 },
  operator: { weight: 4, hold: 4000 },
  hand: { weight: 3, hold: 3000 },
  missed: { weight: 2, hold: 3000 },
  told: { weight: 2, hold: 3000 },
  rewound: { weight: 3, hold: 6000 },
  out: { weight: 3, hold: 6000 },
  alone: { weight: 3, hold: 4000 },
  waits: { weight: 2, hold: 2000 },
  members: { weight: 2, hold: 3000 },
  snapshot: { weight: 2, hold: 3000 },
  elected: { weight: 3, hold: 4000 },
  deposed: { weight: 3, hold: 3000 },
  campaign: { weight: 2, hold: 2000 },
  reset: { weight: 1, hold: 2000 },
  dialed: { weight: 1, hold: 2000 },
  suspect: { weight: 1, hold: 2000 },
  trust: { weight: 1, hold: 2000 },
};

let ids = 0;

// weightOf says how much a kind of story matters.
export const weightOf = (kind: NoteKind): number => ranks[kind].weight;

const isOfFault = (kind: NoteKind) => kind === "partition" || kind === "heal" || kind === "links" || kind === "machine" || kind === "operator" || kind === "hand";

// gather puts new stories of all lanes into words, in order of time. The same fault in several lanes is one story.
// came says when the page heard of what happened at an instant.
export function gather(perLane: readonly Story[][], known: Known, before: readonly Told[], came: (at: number) => number): Told[] {
  const fresh: Told[] = [];
  perLane.forEach((list, i) => {
    const lane = known.lanes[i];
    for (const s of list) {
      const fault = isOfFault(s.kind);
      const { commands, whole } = fault ? causes(s, known, lane?.name ?? "") : { commands: [], whole: false };
      const where = whole ? "" : (lane?.name ?? "");
      const is = (t: Told) => fault && t.kind === s.kind && t.at === s.at && t.lane === where;
      if (before.some(is)) continue;
      const same = fresh.find(is);
      const lost = s.n + (same?.lost ?? 0);
      const telling = { regions: known.names, nodes: known.labels, ...awayAt(s.at, known, commands), commands, protocol: lane?.protocol ?? "", mode: lane?.mode ?? "", clients: known.callers };
      const text = tell(fault ? { ...s, n: lost } : s, telling);
      if (same) Object.assign(same, { lost, text });
      else fresh.push({ id: ++ids, at: s.at, kind: s.kind, lane: where, text, n: s.n, lost, says: s.told?.says ?? "", came: came(s.at) });
    }
  });
  return fresh.sort((a, b) => a.at - b.at || a.id - b.id);
}

// causes returns the commands that a fault's story in a lane tells of, and whether they hit every lane.
function causes(s: Story, known: Known, lane: string): { commands: Command[]; whole: boolean } {
  const all = known.commands.filter((c) => c.at === s.at && kindOf(c) === s.kind && (!c.lane || c.lane === lane));
  const common = all.filter((c) => !c.lane);
  return common.length > 0 || all.length === 0 ? { commands: common, whole: true } : { commands: all, whole: false };
}

// operators are the verbs of which each protocol has its own.
const operators: ReadonlySet<Command["verb"]> = new Set(["promote", "rejoin", "cancel", "transfer", "members"]);

// kindOf is the kind of the story that tells of a command, if one does.
function kindOf(c: Command): NoteKind | "" {
  if (c.verb === "partition" || c.verb === "heal") return c.verb;
  if (c.region || c.verb === "reseed") return ""; // a client's
  if (c.message) return "hand";
  if (operators.has(c.verb)) return "operator";
  return c.node ? "machine" : "links";
}

// awayAt returns who is away after the partition of an instant, and who was before that instant.
function awayAt(at: number, known: Known, commands: readonly Command[]): { away: string[]; were: string[] } {
  const command = commands.filter((c) => c.verb === "partition").pop();
  const earlier = known.commands.filter((c) => c.at < at && (isFault(c) || (command?.lane && c.lane === command.lane && kindOf(c) === "partition"))).pop();
  return { away: command ? awayAfter(command, known.names) : [], were: earlier ? awayAfter(earlier, known.names) : [] };
}

// headlineAt returns the story to tell first at a moment of wall time, and when that may change: a fault of the last
// moments; or else the weightiest story whose time is not over; or else the latest.
export function headlineAt(stories: readonly Told[], wall: number): { told: Told | null; until: number } {
  let told: Told | null = null;
  let most = -1;
  let until = Infinity;
  for (const t of stories) {
    // Of several losses at one instant the first is told; the list has them all.
    if (t.kind === "lost" && told?.kind === "lost" && t.at === told.at) continue;
    const age = wall - t.came;
    const { weight, hold } = ranks[t.kind];
    const first = isOfFault(t.kind) && age < FAULT_HOLD;
    const rank = first ? 10 : age < hold ? weight : 0;
    if (rank > 0) until = Math.min(until, t.came + (first ? FAULT_HOLD : hold));
    if (rank >= most) [told, most] = [t, rank];
  }
  return { told, until };
}

// latestFirst orders the list of stories: the last instant first, and what happened at one instant as it happened.
export function latestFirst(stories: readonly Told[]): Told[] {
  return [...stories].sort((a, b) => b.at - a.at || a.id - b.id);
}
