// What of the archive a space-time diagram shows: processes by region, the messages and operations that pass a filter,
// the faults that the log of commands has. Pure.
import type { Archive, Deed } from "./archive";
import { opLabel } from "./causes_words";
import { lookOf } from "./looks";
import { bands } from "./partition";
import { space } from "./space_words";
import type { Arrow, Diagram, Fault, Process, Stay } from "./spacetime";
import type { CauseView, Command } from "./wire";
import type { World } from "./world";

// Filter is what of the archive is wanted.
export interface Filter {
  hidden: ReadonlySet<string>; // kinds of messages
  place: string; // "" for everywhere, or the name of a region or of a node
  key: string; // of operations; "" for all
}

export interface Cast extends Pick<World, "names" | "nodes" | "clients" | "labels" | "nodesOf" | "clientsOf" | "kinds"> {}

// Threads are the lines of a diagram, and which line a node or a client has.
export interface Threads {
  processes: Process[];
  ofNode: number[];
  ofClient: number[];
}

const MAX_LEVELS = 3; // operations of a client above each other; more share the last place

// threadsOf lays out the lines: region by region, its nodes and then its clients.
export function threadsOf(w: Cast): Threads {
  const t: Threads = { processes: [], ofNode: [], ofClient: [] };
  w.names.forEach((_, group) => {
    for (const n of w.nodesOf[group] ?? []) {
      t.ofNode[n] = t.processes.length;
      t.processes.push({ name: w.labels[n] ?? "", client: false, group });
    }
    const clients = w.clientsOf[group] ?? [];
    clients.forEach((c, i) => {
      t.ofClient[c] = t.processes.length;
      t.processes.push({ name: space.client(clients.length > 1 ? i + 1 : 0), client: true, group });
    });
  });
  return t;
}

// fabricOf weaves the diagram of one lane.
export function fabricOf(w: Cast, a: Archive, f: Filter, lost: ReadonlySet<number>): Omit<Diagram, "faults" | "marked" | "markedStays" | "chosen" | "now" | "edge"> {
  const t = threadsOf(w);
  const inPlace = (name: string, region: number) => f.place === "" || f.place === name || f.place === w.names[region];
  const nodes = w.nodes.map((n) => inPlace(n.name, n.region));
  const clients = w.clients.map((c) => f.place === "" || f.place === w.names[c.region]);
  const shown = w.kinds.map((k) => !f.hidden.has(k));
  const looks = w.kinds.map(lookOf);
  const arrows: Arrow[] = [];
  for (const m of a.letters) {
    if (!shown[m.kind] || !(nodes[m.from] || nodes[m.to])) continue;
    arrows.push({ id: m.id, from: t.ofNode[m.from]!, to: t.ofNode[m.to]!, look: looks[m.kind]!, kind: m.kind, sent: m.sent, due: m.due, lost: m.lost });
  }
  const deeds = a.deeds.filter((d) => clients[d.client] && (f.key === "" || f.key === d.key));
  return { processes: t.processes, arrows, ...staysOf(t, deeds, lost) };
}

// staysOf puts operations of one client that are under way at once above each other.
function staysOf(t: Threads, deeds: readonly Deed[], lost: ReadonlySet<number>): { stays: Stay[]; levels: number[] } {
  const busy: number[][] = t.processes.map(() => []); // until when each level is taken
  const stays = deeds.map((d) => {
    const process = t.ofClient[d.client] ?? 0;
    const ends = busy[process]!;
    const free = ends.findIndex((end) => end <= d.start);
    const level = free >= 0 ? free : Math.min(ends.length, MAX_LEVELS - 1);
    ends[level] = d.end < 0 ? Infinity : d.end;
    const tone = toneOf(d, lost);
    return { id: d.id, process, from: d.start, to: d.end, tone, text: space.bar(opLabel(d), tone), level };
  });
  return { stays, levels: busy.map((ends) => ends.length) };
}

export function toneOf(d: Deed, lost: ReadonlySet<number>): Stay["tone"] {
  if (lost.has(d.id)) return "gone";
  return d.outcome === "ok" && d.stale ? "stale" : d.outcome;
}

// undoings name what ends a fault of one node or of links; partitions are told apart.
const undoings: Partial<Record<Command["verb"], readonly Command["verb"][]>> = {
  cut: ["mend"],
  hold: ["release"],
  crash: ["restart"],
  exit: ["restart"],
  wipe: ["restart"],
  pause: ["resume"],
};

// faultsOf returns the bands of a lane: partitions, links that were cut or held, machines that were down or stood still.
export function faultsOf(w: Cast, commands: readonly Command[], lane: string, edge: number): Fault[] {
  const t = threadsOf(w);
  const here = commands.filter((c) => !c.lane || c.lane === lane);
  const rows = (names: readonly (string | undefined)[]) => [
    ...w.nodes.flatMap((n, i) => (names.some((o) => o === n.name || o === w.names[n.region]) ? [t.ofNode[i]!] : [])),
    ...w.clients.flatMap((c, i) => (names.includes(w.names[c.region]) ? [t.ofClient[i]!] : [])),
  ];
  const parted = bands(here.map((c) => ({ ...c, lane: undefined })), w.names);
  const faults = parted.map((b) => ({ from: b.from, to: b.to ?? -1, processes: rows(b.regions), text: space.away(b.regions) }));
  const same = (a: Command, b: Command) => a.node === b.node && ((a.from === b.from && a.to === b.to) || (a.from === b.to && a.to === b.from));
  here.forEach((c, i) => {
    const by = undoings[c.verb];
    if (!by) return;
    const end = here.slice(i + 1).find((o) => by.includes(o.verb) && same(c, o));
    const of = c.node ? [c.node] : [c.from, c.to];
    faults.push({ from: c.at, to: end?.at ?? -1, processes: rows(of), text: space.fault(c.verb, of.filter((n): n is string => Boolean(n))) });
  });
  return faults.filter((f) => f.from <= edge);
}

// marksOf are the messages and operations that a violation is about.
export function marksOf(c: CauseView | null): { marked: Set<number>; markedStays: Set<number> } {
  const steps = c?.steps ?? [];
  return {
    marked: new Set(steps.filter((s) => s.kind === "message" && s.message > 0).map((s) => s.message)),
    markedStays: new Set((c?.ops ?? []).map((o) => o.id)),
  };
}
