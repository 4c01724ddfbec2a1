// The picture of one lane as plain shapes: state in, positions and texts out. Pure, and without any code for a
// particular protocol.
import { cableCurve, clamp, cutAt, distance, n1, overlap, pathOf, reversed, type Box, type Curve, type Point } from "./curve";
import { AWAY_HEIGHT, halo, NAME_HEIGHT, type Frame } from "./layout";
import { beside, MANY_CABLES, PERSON, type Placing } from "./placing";
import type { CableView, ClientState, NodeView, Story } from "./wire";
import { awayFor, clientLabel, gone, leads, milliseconds, regionLabel, saying, shortMoney, shortSaying, termOf, type Saying, type Tone } from "./words";

const MARK = 17; // room of a bubble's mark
const AWAY_HALF = 32; // half the room of how long a region has been away
const NAME_TEXT_HALF = 36; // half the letters of a name
const MARK_HALF = 5; // half the mark of a torn end
const OLD = 1_000_000; // microseconds after which an answer is drawn fainter
const LEAST_FONT = 9; // of a saying that is too long

// View is everything that a picture depends on.
export interface View {
  lane: string;
  names: readonly string[];
  cables: readonly CableView[];
  nodes: readonly NodeView[];
  clients: readonly ClientState[];
  losses: readonly Story[]; // of kind lost
  away: readonly boolean[];
  since: readonly (number | null)[]; // when each region went away
  cut: readonly boolean[]; // of each cable
  now: number;
  hold: number; // how long a loss is shown, in virtual time
  frame: Frame;
  placing: Placing;
  at: readonly Point[]; // where each region is drawn
  slack: readonly number[]; // of each cable: 0 whole, 1 torn to its stubs
  stub: number; // share of a torn cable that is left at each end
  held: number; // the region that a pointer holds, or -1
  inkOf(value: number): number;
  widthOf(text: string, size: number): number;
}

export interface CableShape {
  d: string;
  curve: Curve;
  cut: boolean;
  strain: number; // 0 slack, 1 about to tear
  faint: boolean; // one of many
  ends: Point[]; // where it is torn
  tag: { x: number; y: number; text: string } | null;
}

export interface NodeShape {
  x: number;
  y: number;
  r: number;
  value: number;
  text: string;
  size: number; // of the text
  ink: number;
  role: string;
  crown: "" | "solid" | "hollow";
  term: string;
  name: string;
  away: boolean;
  awayText: string;
  halo: Box; // around its centre, while it is away
  held: boolean;
  label: string;
}

export interface ClientShape {
  name: string;
  person: Point;
  box: Box | null; // null while nothing has been asked
  tone: Tone;
  old: boolean; // said a while ago
  outcome: string;
  asking: boolean;
  main: string;
  sub: string;
  size: number;
  label: string;
}

export interface Scene {
  cables: CableShape[];
  nodes: NodeShape[];
  clients: ClientShape[];
}

export function sceneOf(v: View): Scene {
  const nodes = v.nodes.map((n, i) => nodeShape(v, n, i));
  const clients = v.clients.map((c, i) => clientShape(v, c, i));
  // While a bubble still makes way for a region that has just gone, it says how long only once there is room.
  for (const n of nodes) if (n.awayText && clients.some((c) => c.box && overlap(c.box, awayBox(n)) > 0)) n.awayText = "";
  return { cables: v.cables.map((c, i) => cableShape(v, c, i)), nodes, clients };
}

// awayBox is the room of the line that tells for how long a region has been away.
function awayBox(n: NodeShape): Box {
  return { x: n.x - AWAY_HALF, y: n.y + n.r + NAME_HEIGHT, w: 2 * AWAY_HALF, h: AWAY_HEIGHT };
}

// curves lays every cable; packets run along the same ones.
export function curves(v: Pick<View, "cables" | "at" | "frame" | "held">): Curve[] {
  return v.cables.map((c) => cableCurve(v.at[c.from]!, v.at[c.to]!, strainOf(v, c)));
}

// strainOf is how tight a cable is: as far as a held region has gone from home towards the tear.
function strainOf(v: Pick<View, "at" | "frame" | "held">, c: CableView): number {
  if (c.from !== v.held && c.to !== v.held) return 0;
  return clamp(distance(v.at[v.held]!, v.frame.home[v.held]!) / v.frame.tear, 0, 1);
}

// onName tells whether the mark of a torn end would lie on a region's name, or on the line below it.
function onName(v: Pick<View, "at" | "frame" | "away">, p: Point): boolean {
  return v.at.some((n, i) => {
    const top = n.y + v.frame.radius;
    const bottom = top + NAME_HEIGHT + (v.away[i] ? AWAY_HEIGHT : 0);
    return Math.abs(p.x - n.x) < NAME_TEXT_HALF + MARK_HALF && p.y > top && p.y < bottom + MARK_HALF;
  });
}

function cableShape(v: View, c: CableView, i: number): CableShape {
  const strain = strainOf(v, c);
  const curve = cableCurve(v.at[c.from]!, v.at[c.to]!, strain);
  const cut = v.cut[i] ?? false;
  const slack = v.slack[i] ?? 0;
  const faint = v.cables.length > MANY_CABLES;
  if (slack <= 0.01) {
    const tag = v.placing.tags[i];
    const text = milliseconds(c.round_trip);
    const label = tag && !cut && strain === 0 ? { ...beside(curve, tag.f, tag.side), text } : null;
    return { d: pathOf(curve), curve, cut, faint, strain, ends: [], tag: label };
  }
  const share = 0.5 - (0.5 - v.stub) * slack;
  const first = cutAt(curve, share);
  const second = cutAt(reversed(curve), share);
  return { d: pathOf(first) + pathOf(second), curve, cut, faint, strain: 0, ends: faint ? [] : [first.to, second.to].filter((p) => !onName(v, p)), tag: null };
}

function nodeShape(v: View, n: NodeView, i: number): NodeShape {
  const r = v.frame.radius;
  const text = shortMoney(n.value);
  const role = n.role ?? "";
  const term = n.term ?? 0;
  // A leader that another one has outrun does not know it yet.
  const outrun = v.nodes.some((o) => leads(o.role ?? "") && (o.term ?? 0) > term);
  const away = v.away[i] ?? false;
  const since = v.since[i];
  return {
    x: v.at[i]!.x,
    y: v.at[i]!.y,
    r,
    value: n.value,
    text,
    size: Math.min(r * 0.62, (r * 1.62) / (text.length * 0.58)),
    ink: v.inkOf(n.value),
    role,
    crown: !leads(role) ? "" : outrun ? "hollow" : "solid",
    term: v.frame.compact ? "" : termOf(role, term),
    name: v.names[i] ?? "",
    away,
    awayText: away && since != null && !v.frame.compact ? awayFor(v.now - since) : "",
    halo: halo(v.frame, { x: 0, y: 0 }),
    held: v.held === i,
    label: regionLabel(v.lane, v.names[i] ?? "", n.value, role, away),
  };
}

function clientShape(v: View, c: ClientState, i: number): ClientShape {
  const f = v.frame;
  const old = c.told !== null && v.now - c.told.end > OLD;
  const lost = v.losses.filter((s) => s.loss?.client === i && v.now >= s.at && v.now - s.at < v.hold).map((s) => s.loss!);
  const said: Saying | null = lost.length > 0 ? gone(lost, f.compact) : f.compact ? shortSaying(c) : saying(c);
  const name = v.names[i] ?? "";
  const shape: ClientShape = {
    name,
    person: { x: 0, y: 0 },
    box: null,
    tone: said?.tone ?? "pending",
    old: old && lost.length === 0,
    outcome: c.told?.outcome ?? (c.asking ? "pending" : ""),
    asking: c.asking !== null,
    main: said?.main ?? "",
    sub: said?.sub ?? "",
    size: f.font,
    label: clientLabel(name, said),
  };
  seat(v, i, shape);
  return shape;
}

// seat places a client's person and bubble in its slot, pushed back onto the stage.
function seat(v: View, i: number, shape: ClientShape): void {
  const f = v.frame;
  const slot = v.placing.slots[i]!;
  const p = v.at[i]!;
  const x = clamp(p.x + slot.dx, 4, f.width - slot.w - 4);
  const y = clamp(p.y + slot.dy, 4, f.height - slot.h - 4);
  const left = slot.side === "left";
  shape.person = { x: left ? x + 10 : x + slot.w - 10, y: y + slot.h / 2 };
  if (!shape.main) return;
  const room = slot.w - PERSON - 18;
  const main = v.widthOf(shape.main, f.font) + MARK;
  const text = Math.max(main, shape.sub ? v.widthOf(shape.sub, 12) : 0);
  if (main > room) shape.size = Math.max(f.font * ((room - MARK) / (main - MARK)), LEAST_FONT);
  const w = Math.ceil(Math.min(text, room)) + 18;
  shape.box = { x: left ? x + PERSON : x + slot.w - PERSON - w, y, w, h: slot.h };
}

// describe prints a scene, one shape a line, for tests.
export function describe(s: Scene): string {
  const lines = [
    ...s.cables.map((c) => `cable ${c.cut ? "cut" : "whole"} ${c.d}${c.tag ? ` “${c.tag.text}”` : ""}`),
    ...s.nodes.map((n) => `node ${n.name} ${n1(n.x)},${n1(n.y)} ${n.text} ink ${n.ink}${n.crown && ` ${n.crown} crown ${n.term}`}${n.away ? ` ${n.awayText}` : ""}`),
    ...s.clients.map((c) => `client ${c.name} ${c.outcome || "silent"} “${c.main}” “${c.sub}”`),
  ];
  return lines.join("\n");
}
