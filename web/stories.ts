// Stories in words: which are one and the same, and which of them is the headline. Pure.
import { awayAfter, isFault } from "./partition";
import type { Command, NoteKind, Story } from "./wire";
import { tell } from "./words";

// Told is a story in words.
export interface Told {
  id: number;
  at: number;
  kind: NoteKind;
  lane: string; // "" for every lane
  text: string;
  lost: number; // of a partition: messages lost in all lanes
  came: number; // when the page heard of it, in milliseconds of wall time
}

export interface Known {
  names: readonly string[]; // of the regions
  lanes: readonly { name: string; protocol: string }[];
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
  rewound: { weight: 3, hold: 6000 },
  out: { weight: 3, hold: 6000 },
  alone: { weight: 3, hold: 4000 },
  waits: { weight: 2, hold: 2000 },
  elected: { weight: 3, hold: 4000 },
  deposed: { weight: 3, hold: 3000 },
  campaign: { weight: 2, hold: 2000 },
  suspect: { weight: 1, hold: 2000 },
  trust: { weight: 1, hold: 2000 },
};

let ids = 0;

const isOfFault = (kind: NoteKind) => kind === "partition" || kind === "heal" || kind === "links" || kind === "machine" || kind === "operator";

// gather puts new stories of all lanes into words, in order of time. The same fault in several lanes is one story.
// came says when the page heard of what happened at an instant.
export function gather(perLane: readonly Story[][], known: Known, before: readonly Told[], came: (at: number) => number): Told[] {
  const fresh: Told[] = [];
  perLane.forEach((list, i) => {
    for (const s of list) {
      const fault = isOfFault(s.kind);
      const same = fault ? fresh.find((t) => t.kind === s.kind && t.at === s.at) : undefined;
      if (fault && before.some((t) => t.kind === s.kind && t.at === s.at)) continue;
      const lost = s.n + (same?.lost ?? 0);
      const lane = known.lanes[i];
      const commands = known.commands.filter((c) => c.at === s.at);
      const text = tell(fault ? { ...s, n: lost } : s, { regions: known.names, ...awayAt(s.at, known), commands, protocol: lane?.protocol ?? "" });
      if (same) Object.assign(same, { lost, text });
      else fresh.push({ id: ++ids, at: s.at, kind: s.kind, lane: fault ? "" : (lane?.name ?? ""), text, lost, came: came(s.at) });
    }
  });
  return fresh.sort((a, b) => a.at - b.at || a.id - b.id);
}

// awayAt returns who is away after the partition of an instant, and who was before that instant.
function awayAt(at: number, known: Known): { away: string[]; were: string[] } {
  const command = known.commands.filter((c) => c.at === at && c.verb === "partition").pop();
  const earlier = known.commands.filter((c) => c.at < at && isFault(c)).pop();
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
