// What the page has seen of each lane: messages and operations, whatever moment it shows. A run's past does not change:
// what is known stays when a visitor goes back in time, and is forgotten when the run begins anew. Pure.
import type { Fate, LaneDelta, LaneState, OpKind, OpStrip, Outcome, Packet } from "./wire";

export const MAX_MESSAGES = 10_000; // of a lane
export const MAX_DEEDS = 4000; // operations of a lane

// Letter is a message as the page keeps it. Numbers of messages grow with the time of sending.
export interface Letter {
  id: number;
  from: number; // nodes
  to: number;
  kind: number;
  sent: number;
  due: number;
  lost: number; // -1 while it is not
}

// Deed is an operation as the page keeps it: an interval.
export interface Deed {
  id: number;
  client: number; // by index
  kind: OpKind;
  key: string;
  value: number; // that it wrote
  found: number;
  applied: boolean;
  absent: boolean; // it found that the key has no value
  stale: boolean;
  start: number;
  end: number; // -1 while pending
  outcome: Outcome;
  says: string; // what the product's client read; "" for nothing
}

// Names are what the numbers of an OpStrip stand for.
export interface Names {
  kinds: readonly OpKind[];
  outcomes: readonly Outcome[];
}

export interface Archive {
  letters: Letter[]; // in order of their numbers, and so of sending
  deeds: Deed[]; // in order of their numbers, and so of their beginnings
  keys: string[]; // as the server counts them at present
  says: string[]; // likewise
  version: number; // grows with each change
}

export function emptyArchive(): Archive {
  return { letters: [], deeds: [], keys: [], says: [], version: 0 };
}

// recall takes in what a full state says of a lane.
export function recall(a: Archive, l: LaneState, names: Names): void {
  a.keys = [...(l.keys ?? [])];
  a.says = [...(l.says ?? [])];
  note(a, l.packets ?? [], [], l.ops ?? [], names);
}

// record takes in what has changed in a lane.
export function record(a: Archive, d: LaneDelta, names: Names): void {
  if (d.keys) a.keys.push(...d.keys);
  if (d.says) a.says.push(...d.says);
  note(a, d.packets ?? [], d.lost ?? [], d.ops ?? [], names);
}

function note(a: Archive, packets: readonly Packet[], lost: readonly Fate[], ops: readonly OpStrip[], names: Names): void {
  if (packets.length + lost.length + ops.length === 0) return;
  a.version++;
  a.letters = added(a.letters, packets.map(letterOf), MAX_MESSAGES);
  for (const [id, when] of lost) {
    const i = placeOf(a.letters, id);
    if (a.letters[i]?.id === id) a.letters[i]!.lost = when;
  }
  a.deeds = added(a.deeds, ops.map((o) => deedOf(o, a, names)), MAX_DEEDS);
}

function letterOf([id, from, to, kind, sent, due, lost]: Packet): Letter {
  return { id, from, to, kind, sent, due, lost };
}

function deedOf([id, client, kind, key, value, found, start, end, outcome, flags, says]: OpStrip, { keys, says: texts }: Archive, names: Names): Deed {
  return {
    id, client, value, found, start, end,
    kind: names.kinds[kind] ?? "read",
    key: keys[key] ?? "",
    outcome: names.outcomes[outcome] ?? "pending",
    applied: (flags & 1) !== 0,
    absent: (flags & 2) !== 0,
    stale: (flags & 4) !== 0,
    says: texts[says - 1] ?? "",
  };
}

// placeOf is the index of the first of a sorted list whose number is not less.
function placeOf(list: readonly { id: number }[], id: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

// added merges a batch into a list in order of numbers; of equal ones the batch's counts, unless the list knows better
// how it ended. What is over the limit goes at the end that is farther from the batch. The list is changed.
function added<T extends { id: number; lost?: number; end?: number }>(list: T[], batch: readonly T[], limit: number): T[] {
  if (batch.length === 0) return list;
  const fresh = batch.filter((b) => {
    const i = placeOf(list, b.id);
    if (list[i]?.id !== b.id) return true;
    list[i] = better(list[i]!, b);
    return false;
  });
  if (fresh.length === 0) return list;
  fresh.sort((x, y) => x.id - y.id);
  const from = placeOf(list, fresh[0]!.id);
  const tail = list.splice(from); // mostly a few: what is sent at once is told of out of order
  list.push(...(tail.length > 0 ? [...tail, ...fresh].sort((x, y) => x.id - y.id) : fresh));
  const over = list.length - limit;
  if (over > 0) list.splice(from > list.length / 2 ? 0 : limit, over);
  return list;
}

// better is which of two reports of the same thing is the later one: a moment before its end may be shown again.
function better<T extends { id: number; lost?: number; end?: number }>(old: T, now: T): T {
  if ((old.lost ?? -1) >= 0 && now.lost === -1) return old;
  return (old.end ?? -1) >= 0 && now.end === -1 ? old : now;
}
