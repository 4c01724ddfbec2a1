// What a room shows, as plain data: what stays as it is while it is shown, and what changes in each lane. Pure.
import { merged } from "./causes";
import type { CableLinks, CableView, CauseView, ClientState, EndpointView, KnobView, LaneDelta, LaneState, Modelled, ModelVerdict, NodeView, RegionView, Scores, State, Story, Verb, Verdict, WarningView } from "./wire";

export const MAX_STORIES = 200; // kept of a lane, and for the list

// World is what does not change while one room is shown.
export interface World {
  room: string;
  key: string; // that the visitor has come by: the control key or the view key
  run: number; // which of the room's runs
  title: string;
  scenario: string;
  about: string; // what a database's story is about; "" of other runs
  unit: string; // what the workload's keys hold
  mainKey: string;
  visits: Verb[]; // what a client may be told to do
  kinds: string[];
  regions: RegionView[];
  names: string[]; // of the regions
  nodes: EndpointView[];
  clients: EndpointView[];
  labels: string[]; // of the nodes, for people: the region where a node is the only one there, or else its name
  callers: string[]; // of the clients, likewise
  nodesOf: number[][]; // of each region
  clientsOf: number[][];
  cables: CableView[];
  lanes: LaneSetup[];
}

// LaneSetup is what a lane runs.
export interface LaneSetup {
  name: string;
  protocol: string;
  mode: string; // the protocol, or that which a preset runs
  modelled: Modelled | null; // the database that it is modelled after
  transport: string; // "" for the protocol's own
  knobs: KnobView[];
  warnings: WarningView[];
  holds: boolean[]; // of each node
}

export interface Lane {
  nodes: NodeView[];
  clients: ClientState[];
  cut: boolean[]; // of each cable
  links: CableLinks[];
  verdict: Verdict;
  scores: Scores;
  models: ModelVerdict[];
  causes: CauseView[]; // of violations, in order of time; all that the page has been told of, whatever moment it shows
  losses: Story[]; // stories of kind lost
}

// worldOf takes from a full state what stays as it is.
export function worldOf(s: State): World {
  return {
    room: s.room,
    run: s.run,
    key: s.key || s.view_key,
    title: s.title,
    scenario: s.scenario,
    about: s.about ?? "",
    unit: s.unit,
    mainKey: s.main_key,
    visits: s.visits ?? [],
    kinds: s.kinds ?? [],
    regions: s.regions ?? [],
    names: (s.regions ?? []).map((r) => r.name),
    nodes: s.nodes ?? [],
    clients: s.clients ?? [],
    labels: labelsOf(s.regions ?? [], s.nodes ?? []),
    callers: labelsOf(s.regions ?? [], s.clients ?? []),
    nodesOf: byRegion(s.regions ?? [], s.nodes ?? []),
    clientsOf: byRegion(s.regions ?? [], s.clients ?? []),
    cables: s.cables ?? [],
    lanes: (s.lanes ?? []).map((l) => ({ name: l.name, protocol: l.protocol, mode: l.mode, modelled: l.modelled ?? null, transport: l.transport ?? "", knobs: l.knobs ?? [], warnings: l.warnings ?? [], holds: l.holds ?? [] })),
  };
}

// byRegion lists the indexes of each region's nodes or clients.
export function byRegion(regions: readonly RegionView[], ends: readonly EndpointView[]): number[][] {
  return regions.map((_, region) => ends.flatMap((e, i) => (e.region === region ? [i] : [])));
}

// labelsOf names nodes: the only one of a region by the region.
export function labelsOf(regions: readonly RegionView[], nodes: readonly EndpointView[]): string[] {
  return nodes.map((n) => (nodes.filter((o) => o.region === n.region).length === 1 ? (regions[n.region]?.name ?? n.name) : n.name));
}

// laneOf begins a lane anew. known are the causes that the page has been told of before, in the same room.
export function laneOf(l: LaneState, known: readonly CauseView[]): Lane {
  return {
    nodes: l.nodes ?? [],
    clients: l.clients ?? [],
    cut: l.cut ?? [],
    links: l.links ?? [],
    verdict: l.verdict,
    scores: l.scores,
    models: l.models ?? [],
    causes: merged(known, l.causes ?? []),
    losses: (l.stories ?? []).filter((s) => s.kind === "lost"),
  };
}

// amended returns a lane after a change.
export function amended(lane: Lane, d: LaneDelta): Lane {
  const losses = (d.stories ?? []).filter((s) => s.kind === "lost");
  return {
    nodes: d.nodes ? lane.nodes.map((n, i) => d.nodes![i] ?? n) : lane.nodes,
    clients: d.clients ? lane.clients.map((c, i) => d.clients![i] ?? c) : lane.clients,
    cut: d.cut ?? lane.cut,
    links: d.links ? lane.links.map((c, i) => d.links![i] ?? c) : lane.links,
    verdict: d.verdict ?? lane.verdict,
    scores: d.scores ?? lane.scores,
    models: d.models ?? lane.models,
    causes: d.causes ? merged(lane.causes, d.causes) : lane.causes,
    losses: losses.length > 0 ? [...lane.losses, ...losses].slice(-MAX_STORIES) : lane.losses,
  };
}
