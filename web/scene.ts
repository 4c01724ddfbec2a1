// The picture of one lane as plain shapes: state in, positions and texts out. Pure, and without any code for a
// particular protocol.
import { laidOut } from "./bubble";
import { lightOf, type Light, type Lit } from "./causes";
import { cellsOf, lastOf, MOST_ROWS, type Cell } from "./ledger";
import { heldOf, nodeShape, type NodeShape } from "./scene_nodes";
import type { Beside } from "./strips";
import { at, clamp, distance, n1, overlap, pathOf, type Box, type Curve, type Point } from "./curve";
import { faultOf, type Fault } from "./faults";
import type { Group } from "./group";
import { AWAY_HEIGHT, halo, NAME_HEIGHT, RIM, type Frame } from "./layout";
import { beside, MANY_CABLES, PERSON, type Placing } from "./placing";
import { seen, stretch, turned, wireOf, type Wire } from "./wires";
import type { CableLinks, CableView, ClientState, NodeView, Story } from "./wire";
import { awayFor, cableTag, cableTells, clientLabel, gone, regionLabel, saying, shortSaying, type Saying, type Tone } from "./words";

const AWAY_HALF = 32; // half the room of how long a region has been away
const NAME_TEXT_HALF = 36; // half the letters of a name
const MARK_HALF = 5; // half the mark of a torn end
const OLD = 1_000_000; // microseconds after which an answer is drawn fainter
const NAME_FONT = 13; // of a region's name
const NAME_ROOM = 88; // for a region's name
const LEAST_NAME = 10.5; // font size of a long name
const MOST_OTHERS = 2; // clients that stand behind the one who speaks

// View is everything that a picture depends on.
export interface View {
  lane: string;
  mode?: string; // that it is, or that its preset runs
  names: readonly string[]; // of the regions
  labels: readonly string[]; // of the nodes
  callers: readonly string[]; // the names of the clients
  nodesOf: readonly (readonly number[])[]; // of each region
  clientsOf: readonly (readonly number[])[];
  cables: readonly CableView[];
  nodes: readonly NodeView[];
  holds: readonly boolean[]; // of each node: whether it keeps copies
  clients: readonly ClientState[];
  losses: readonly Story[]; // of kind lost
  away: readonly boolean[];
  since: readonly (number | null)[]; // when each region went away
  cut: readonly boolean[]; // of each cable: nothing gets through
  links: readonly CableLinks[]; // of each cable; may be missing
  now: number;
  hold: number; // how long a loss is shown, in virtual time
  frame: Frame;
  placing: Placing;
  at: readonly Point[]; // where each region is drawn
  slack: readonly number[]; // of each cable: 0 whole, 1 torn to its stubs
  stub: number; // share of a torn cable that is left at each end
  held: number; // the region that a pointer holds, or -1
  asked: number; // the region that a pointer or the keyboard is on, or -1: whom its nodes take for dead is shown
  beside: Beside; // timers, logs and tallies
  lit?: Lit | null; // what the violation that is explained lights; the rest is dim
  inkOf(value: number): number;
  known(value: number): boolean; // it is on display, so that its colour means it
  widthOf(text: string, size: number): number;
}

export interface CableShape {
  d: string;
  cut: boolean;
  strain: number; // 0 slack, 1 about to tear
  faint: boolean; // one of many
  ends: Point[]; // where it is torn
  tag: { x: number; y: number; text: string; odd: boolean } | null; // odd: it tells of a fault
  look: Fault["look"];
  stops: StopShape[];
}

// StopShape is where a direction ends that is cut or held: an arrow that runs into a bar.
export interface StopShape {
  x: number;
  y: number;
  turn: number; // in degrees: where messages would go
  held: boolean;
}

// RegionShape is the place of a region, with all that its nodes have in common.
export interface RegionShape {
  x: number;
  y: number;
  name: string;
  title: { text: string; size: number }; // the name as there is room for it
  w: number; // half of what its nodes take
  h: number;
  ground: { d: string; width: number } | null; // under several nodes
  hit: number; // radius of what hands find
  away: boolean;
  awayText: string;
  awayTop: number; // where that stands, from the region's centre
  cells: Cell[]; // of the logs of its replicas
  halo: Box; // around its centre, while it is away
  held: boolean;
  label: string;
}

export interface ClientShape {
  name: string; // of the region
  who: string; // of the client
  person: Point;
  box: Box | null; // null while nothing has been asked
  tone: Tone;
  old: boolean; // said a while ago
  outcome: string;
  asking: boolean;
  others: number; // clients that stand behind it
  main: string;
  sub: string;
  size: number;
  label: string;
  light: Light;
}

export interface Scene {
  cables: CableShape[];
  regions: RegionShape[];
  nodes: NodeShape[];
  clients: ClientShape[];
}

export function sceneOf(v: View): Scene {
  const regions = v.names.map((_, i) => regionShape(v, i));
  const nodes = v.nodesOf.flatMap((list, region) => list.map((i, seat) => nodeShape(v, i, region, seat)));
  const clients = v.names.map((_, i) => clientShape(v, i));
  // While a bubble still makes way for a region that has just gone, it says how long only once there is room.
  for (const r of regions) if (r.awayText && clients.some((c) => c.box && overlap(c.box, awayBox(r)) > 0)) r.awayText = "";
  return { cables: v.cables.map((c, i) => cableShape(v, c, i)), regions, nodes, clients };
}

// awayBox is the room of the line that tells for how long a region has been away.
function awayBox(r: RegionShape): Box {
  return { x: r.x - AWAY_HALF, y: r.y + r.awayTop, w: 2 * AWAY_HALF, h: AWAY_HEIGHT };
}

// wires lays every cable; packets run along the same ones.
export function wires(v: Pick<View, "cables" | "at" | "frame" | "held">): Wire[] {
  return v.cables.map((c) => wireOf(v.frame, c, v.at, strainOf(v, c)));
}

// strainOf is how tight a cable is: as far as a held region has gone from home towards the tear.
function strainOf(v: Pick<View, "at" | "frame" | "held">, c: CableView): number {
  if (c.from !== v.held && c.to !== v.held) return 0;
  return clamp(distance(v.at[v.held]!, v.frame.home[v.held]!) / v.frame.tear, 0, 1);
}

// onName tells whether the mark of a torn end would lie on a region's name, or on the line below it.
function onName(v: Pick<View, "at" | "frame" | "away">, p: Point): boolean {
  return v.at.some((n, i) => {
    const top = n.y + v.frame.groups[i]!.h;
    const bottom = top + NAME_HEIGHT + (v.away[i] ? AWAY_HEIGHT : 0);
    return Math.abs(p.x - n.x) < NAME_TEXT_HALF + MARK_HALF && p.y > top && p.y < bottom + MARK_HALF;
  });
}

function cableShape(v: View, c: CableView, i: number): CableShape {
  const strain = strainOf(v, c);
  const wire = wireOf(v.frame, c, v.at, strain);
  const cut = v.cut[i] ?? false;
  const fault = faultOf(v.links[i], cut);
  const slack = v.slack[i] ?? 0;
  const faint = v.cables.length > MANY_CABLES;
  if (slack <= 0.01) {
    const tag = v.placing.tags[i];
    const wide = tag?.wide ?? false;
    const label = tag && !cut && strain === 0 ? { ...beside(wire.curve, tag.f, tag.side, wide), text: cableTag(c, fault, wide), odd: cableTells(fault) } : null;
    return { d: pathOf(stretch(wire, 0, 1)), cut, faint, strain, ends: [], tag: label, look: fault.look, stops: stopsOf(v, fault, wire) };
  }
  const share = 0.5 - (0.5 - v.stub) * slack;
  const [first, second] = [stubOf(v, wire, share), stubOf(v, turned(wire), share)];
  return { d: pathOf(first) + pathOf(second), cut, faint, strain: 0, ends: faint ? [] : [first.to, second.to], tag: null, look: "", stops: [] };
}

// stubOf is what is left of a torn cable at its start: less of it where its end would lie on a name.
function stubOf(v: View, wire: Wire, share: number): Curve {
  let stub = stretch(wire, 0, share);
  for (let part = share - 0.02; part > 0.04 && onName(v, stub.to); part -= 0.02) stub = stretch(wire, 0, part);
  return stub;
}

// stopsOf marks the directions that let nothing through, each where what is sent into it comes to its end.
function stopsOf(v: View, f: Fault, wire: Wire): StopShape[] {
  if (f.torn) return [];
  const stop = (w: Wire, kind: "" | "cut" | "held"): StopShape[] => {
    if (!kind) return [];
    const [p, ahead] = [at(w.curve, seen(w, v.stub)), at(w.curve, seen(w, v.stub + 0.02))];
    return [{ ...p, turn: (Math.atan2(ahead.y - p.y, ahead.x - p.x) * 180) / Math.PI, held: kind === "held" }];
  };
  return [...stop(wire, f.stops.there), ...stop(turned(wire), f.stops.back)];
}

function regionShape(v: View, i: number): RegionShape {
  const group = v.frame.groups[i]!;
  const away = v.away[i] ?? false;
  const since = v.since[i];
  const nodes = (v.nodesOf[i] ?? []).map((n) => heldOf(v, n));
  const cells = stripsOf(v, i);
  return {
    x: v.at[i]!.x,
    y: v.at[i]!.y,
    name: v.names[i] ?? "",
    title: titled(v, v.names[i] ?? ""),
    w: group.w,
    h: group.h,
    ground: groundOf(group),
    hit: group.pad === 0 ? group.r + 8 : Math.max(group.w, group.h) + 4,
    away,
    awayText: away && since != null && !v.frame.compact ? awayFor(v.now - since) : "",
    awayTop: group.h + NAME_HEIGHT + (cells.length > 0 ? v.frame.strip : 0),
    cells,
    halo: haloOf(v, i),
    held: v.held === i,
    label: regionLabel(v.lane, v.names[i] ?? "", nodes, away),
  };
}

// haloOf is the ground of a region that is away, around its centre, as much of it as lies on the stage.
function haloOf(v: View, i: number): Box {
  const { x, y } = v.at[i]!;
  const box = halo(v.frame, i, { x: 0, y: 0 });
  const [left, top] = [Math.max(box.x, RIM - x), Math.max(box.y, RIM - y)];
  const [right, low] = [Math.min(box.x + box.w, v.frame.width - RIM - x), Math.min(box.y + box.h, v.frame.height - RIM - y)];
  return { x: left, y: top, w: Math.max(right - left, 0), h: Math.max(low - top, 0) };
}

// stripsOf lays the logs of a region's replicas under its name, where there is room for them.
function stripsOf(v: View, region: number): Cell[] {
  const list = v.nodesOf[region] ?? [];
  if (v.beside.logs.length === 0 || v.frame.strip === 0 || list.length > MOST_ROWS) return [];
  const logs = list.filter((n) => v.holds[n] ?? true).map((n) => v.beside.logs[n]!);
  return cellsOf(logs, lastOf(v.beside.logs), v.frame.groups[region]!.h + NAME_HEIGHT, (value) => (v.known(value) ? v.inkOf(value) : -1));
}

// titled makes a long name smaller, and cuts it where that is not enough.
function titled(v: View, name: string): RegionShape["title"] {
  const fit = (text: string) => Math.min(NAME_FONT, (NAME_FONT * NAME_ROOM) / v.widthOf(text, NAME_FONT));
  let text = name;
  for (let n = name.length - 1; n > 0 && fit(text) < LEAST_NAME; n--) text = `${name.slice(0, n)}…`;
  return { text, size: Math.max(fit(text), LEAST_NAME) };
}

// groundOf is what several nodes of a region stand on: the shape between them, widened by a line.
function groundOf(g: Group): RegionShape["ground"] {
  if (g.pad === 0) return null;
  return { d: `M${g.seats.map((p) => `${n1(p.x)} ${n1(p.y)}`).join("L")}Z`, width: 2 * (g.r + g.pad) };
}

// speaker returns the client of a region that was told something last, or else asked last.
function speaker(v: View, region: number): number {
  const list = v.clientsOf[region] ?? [];
  const when = (i: number) => v.clients[i]?.told?.end ?? -Infinity;
  const since = (i: number) => v.clients[i]?.asking?.start ?? -Infinity;
  return list.reduce((best, i) => (when(i) > when(best) || (when(i) === when(best) && since(i) > since(best)) ? i : best), list[0] ?? 0);
}

const nobody: ClientState = { asking: null, told: null, stale: null };

function clientShape(v: View, region: number): ClientShape {
  const f = v.frame;
  const several = (v.clientsOf[region] ?? []).length > 1;
  const i = speaker(v, region);
  const c = v.clients[i] ?? nobody;
  const old = c.told !== null && v.now - c.told.end > OLD;
  const lost = v.losses.filter((s) => s.loss?.client === region && v.now >= s.at && v.now - s.at < v.hold).map((s) => s.loss!);
  const name = v.names[region] ?? "";
  const who = v.callers[i] ?? name;
  const named = several && lost.length === 0 ? who : "";
  const said: Saying | null = lost.length > 0 ? gone(lost, f.compact) : f.compact ? shortSaying(c) : saying(c, named);
  const shape: ClientShape = {
    name,
    who,
    person: { x: 0, y: 0 },
    box: null,
    tone: said?.tone ?? "pending",
    old: old && lost.length === 0,
    outcome: c.told?.outcome ?? (c.asking ? "pending" : ""),
    asking: c.asking !== null,
    others: Math.min((v.clientsOf[region] ?? []).length - 1, MOST_OTHERS),
    main: "",
    sub: "",
    size: f.font,
    label: clientLabel(name, named, lost.length === 0 && said && f.compact && c.told?.says ? saying(c, named) : said),
    light: lightOf(v.lit, v.lit?.clients, v.lit?.hotClients, v.clientsOf[region] ?? []),
  };
  seat(v, region, shape, said);
  return shape;
}

// seat places a client's person and bubble in its slot, pushed back onto the stage.
function seat(v: View, i: number, shape: ClientShape, said: Saying | null): void {
  const f = v.frame;
  const slot = v.placing.slots[i]!;
  const p = v.at[i]!;
  const x = clamp(p.x + slot.dx, 4, f.width - slot.w - 4);
  const y = clamp(p.y + slot.dy, 4, f.height - slot.h - 4);
  const left = slot.side === "left";
  shape.person = { x: left ? x + 10 : x + slot.w - 10, y: y + slot.h / 2 };
  if (!said?.main) return;
  const { width, ...text } = laidOut(said, slot.w - PERSON - 18, f.font, slot.h < f.bubble.h, v.widthOf);
  Object.assign(shape, text);
  const w = Math.ceil(width) + 18;
  shape.box = { x: left ? x + PERSON : x + slot.w - PERSON - w, y, w, h: slot.h };
}

// describe prints a scene, one shape a line, for tests.
export function describe(s: Scene): string {
  const lines = [
    ...s.cables.map((c) => `cable ${c.cut ? "cut" : c.look || "whole"}${c.stops.map((x) => (x.held ? " held" : " stopped")).join("")} ${c.d}${c.tag ? ` “${c.tag.text}”` : ""}`),
    ...s.regions.map((r) => `region ${r.name} ${n1(r.x)},${n1(r.y)}${r.away ? ` ${r.awayText}` : ""}`),
    ...s.nodes.map((n) => `node ${n.name} ${n1(n.x)},${n1(n.y)} ${n.text} ink ${n.ink}${n.state && ` ${n.state}`}${n.crown && ` ${n.crown} crown ${n.term}`}`),
    ...s.clients.map((c) => `client ${c.who} ${c.outcome || "silent"} “${c.main}” “${c.sub}”`),
  ];
  return lines.join("\n");
}
