// Stories in words: which are one and the same, and which of them is the headline. Pure.
import { awayAfter } from "./partition";
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
}

export interface Known {
  names: readonly string[]; // of the regions
  lanes: readonly string[];
  commands: readonly Command[];
}

// ranks tell which kinds of stories matter more, and for how many milliseconds one stays the headline while lesser
// ones come.
const ranks: Record<NoteKind, { weight: number; hold: number }> = {
  lost: { weight: 6, hold: 15_000 },
  violated: { weight: 5, hold: 8000 },
  partition: { weight: 4, hold: 5000 },
  heal: { weight: 4, hold: 4000 },
  links: { weight: 4, hold: 4000 },
  machine: { weight: 4, hold: 4000 },
  elected: { weight: 3, hold: 4000 },
  deposed: { weight: 3, hold: 3000 },
  campaign: { weight: 2, hold: 2000 },
  suspect: { weight: 1, hold: 2000 },
  trust: { weight: 1, hold: 2000 },
};

let ids = 0;

// gather puts new stories of all lanes into words, in order of time. The same fault in several lanes is one story.
export function gather(perLane: readonly Story[][], known: Known, before: readonly Told[]): Told[] {
  const fresh: Told[] = [];
  perLane.forEach((list, i) => {
    for (const s of list) {
      const fault = s.kind === "partition" || s.kind === "heal" || s.kind === "links" || s.kind === "machine";
      const same = fault ? fresh.find((t) => t.kind === s.kind && t.at === s.at) : undefined;
      if (fault && before.some((t) => t.kind === s.kind && t.at === s.at)) continue;
      const lost = s.n + (same?.lost ?? 0);
      const text = tell(fault ? { ...s, n: lost } : s, { regions: known.names, away: awayAt(s.at, known), commands: known.commands.filter((c) => c.at === s.at) });
      if (same) Object.assign(same, { lost, text });
      else fresh.push({ id: ++ids, at: s.at, kind: s.kind, lane: fault ? "" : (known.lanes[i] ?? ""), text, lost });
    }
  });
  return fresh.sort((a, b) => a.at - b.at || a.id - b.id);
}

function awayAt(at: number, known: Known): string[] {
  const command = known.commands.find((c) => c.at === at && c.verb === "partition");
  return command ? awayAfter(command, known.names) : [];
}

// waits returns for how long a story must wait to be the headline while another, age milliseconds old, is it: 0 to
// replace it at once, -1 never to.
export function waits(told: Told, current: Told, age: number): number {
  // Of several losses at one instant the first is told; the list has them all.
  if (told.kind === "lost" && current.kind === "lost" && told.at === current.at) return -1;
  const left = ranks[current.kind].hold - age;
  return left > 0 && ranks[told.kind].weight < ranks[current.kind].weight ? left : 0;
}
