// The nodes of a scene: discs with values or siblings, crowns, rings, and marks of what is wrong. Pure.
import { lightOf, type Light } from "./causes";
import { n1, type Point } from "./curve";
import { perch, type Group } from "./group";
import { CROWN_HEIGHT } from "./layout";
import { marksOf, type Ill, type Mark } from "./marks";
import { beadsOf, ringsOf, tallyOf, type RingShape, type TallyShape } from "./rings";
import type { View } from "./scene";
import { tokenOf } from "./tokens";
import type { NodeView, SiblingView } from "./wire";
import { bare, heldText, leads, passing, shortMoney, stateOf, termOf, type Held } from "./words";

const LEAST_VALUE = 8; // font size of a value in a small node; smaller ones are told by colour and shape
const MOST_PARTS = 3; // siblings that a disc is divided among
const GLYPH_HALF = 8; // half the room of a mark's glyph
const MARK_FONT = 12;

export interface NodeShape {
  region: number;
  x: number; // from the region's centre
  y: number;
  r: number;
  small: boolean; // one of several
  holds: boolean;
  value: number;
  text: string;
  size: number; // of the text
  ink: number;
  role: string;
  state: string; // down, paused or ""
  crown: "" | "solid" | "hollow";
  crownAt: { x: number; y: number; turn: number; scale: number };
  term: string;
  termAt: { x: number; y: number; anchor: "start" | "middle" | "end" };
  name: string;
  light: Light;
  rings: RingShape[];
  tally: TallyShape | null;
  beads: string; // of the hints that it keeps
  parts: PartShape[]; // siblings side by side, or a token, in place of the text
  marks: MarkShape[];
  doubted: boolean; // taken for dead by whom is asked
}

// PartShape is one of several values side by side in a disc.
export interface PartShape {
  d: string;
  ink: number;
  x: number;
  text: string;
  size: number;
  token: string; // the shape that stands for a value that finds no room
}

// MarkShape is a mark by a disc: a glyph, and words where there is room.
export interface MarkShape {
  ill: Ill;
  x: number;
  y: number;
  half: number; // half its width
  text: string;
}

// nodeShape draws node i, which has a seat among the nodes of its region.
export function nodeShape(v: View, i: number, region: number, seat: number): NodeShape {
  const n = v.nodes[i]!;
  const group = v.frame.groups[region]!;
  const role = n.role ?? "";
  const term = n.term ?? 0;
  // A leader that another one has outrun does not know it yet.
  const outrun = v.nodes.some((o) => !o.down && leads(o.role ?? "") && (o.term ?? 0) > term);
  const crown = !leads(role) || n.down ? "" : outrun ? "hollow" : "solid";
  const holds = (v.holds[i] ?? true) && role !== "witness"; // nobody reads what a witness keeps
  const side = n.siblings && holds ? partsOf(v, n.siblings, group) : [];
  const told = side.length > 0 ? { text: "", size: 8 } : holds ? figure(heldText(n.value, n.text), group) : { text: passing, size: group.r * 0.7 };
  const parts = side.length > 0 || told.text !== "" ? side : [tokenPart(v.inkOf(n.value))];
  const said = v.frame.compact || n.down || !speaks(v, i, region) ? "" : termOf(role, term, v.mode);
  return {
    region,
    ...group.seats[seat]!,
    r: group.r,
    small: group.pad > 0,
    holds,
    value: n.value,
    ...told,
    ink: v.inkOf(n.value),
    role,
    state: stateOf(n),
    crown,
    term: said,
    ...worn(group, seat, crown !== "", said !== ""),
    name: v.labels[i] ?? "",
    light: lightOf(v.lit, v.lit?.nodes, v.lit?.hotNodes, [i]),
    rings: n.down ? [] : ringsOf(v.beside.timers[i] ?? [], group),
    tally: n.down ? null : tallyOf(v.beside.tallies[i] ?? [], group),
    beads: beadsOf(hintsOf(n), group),
    parts,
    marks: markShapes(v, marksOf(n), group, seat),
    doubted: v.asked >= 0 && (v.nodesOf[v.asked] ?? []).some((o) => o !== i && !v.nodes[o]!.down && (v.nodes[o]!.dead ?? []).includes(i)),
  };
}

const hintsOf = (n: NodeView) => (n.hints ?? []).reduce((sum, h) => sum + h.count, 0);

// heldOf is what a region's label says of a node.
export function heldOf(v: Pick<View, "nodes" | "beside" | "holds" | "labels">, i: number): Held {
  const n = v.nodes[i]!;
  const log = v.beside.logs[i];
  return {
    value: n.value,
    text: n.text,
    role: n.role ?? "",
    down: n.down ?? false,
    ills: marksOf(n).map((m) => m.text),
    holds: v.holds[i] ?? true,
    hints: hintsOf(n),
    dead: (n.dead ?? []).map((d) => v.labels[d] ?? ""),
    log: log ? { last: log.entries?.at(-1)?.[0] ?? 0, commit: log.commit } : null,
  };
}

// tokenPart stands for a value that finds no room in a whole disc.
const tokenPart = (ink: number): PartShape => ({ d: "", ink, x: 0, text: "", size: 8, token: tokenOf(ink) });

// partsOf divides a disc among the values that stand side by side in it.
function partsOf(v: View, siblings: readonly SiblingView[], g: Group): PartShape[] {
  const n = Math.min(siblings.length, MOST_PARTS);
  const r = g.r - 1;
  const at = (i: number) => (n === 1 ? r : -r + (2 * r * i) / n);
  return siblings.slice(0, n).map((s, i) => {
    const [a, b] = [at(i), at(i + 1)];
    const [ya, yb] = [Math.sqrt(Math.max(r * r - a * a, 0)), Math.sqrt(Math.max(r * r - b * b, 0))];
    const arc = `A${n1(r)} ${n1(r)} 0 0 1`;
    const text = i === n - 1 && siblings.length > n ? `+${siblings.length - n + 1}` : s.deleted ? passing : bare(shortMoney(s.value));
    const size = Math.min(((2 * r) / n) * 0.8 / (text.length * 0.58), g.r * 0.5, 13);
    const ink = s.deleted ? -1 : v.inkOf(s.value);
    const small = size < LEAST_VALUE;
    return { ink, token: small ? tokenOf(ink) : "", d: `M${n1(a)} ${n1(-ya)}${arc} ${n1(b)} ${n1(-yb)}V${n1(yb)}${arc} ${n1(a)} ${n1(ya)}Z`, x: ((a + b) / 2) * 0.92, text: small ? "" : text, size };
  });
}

// outside is where one of several discs has room: at its corner away from the others, off its value.
function outside(at: Point, r: number): Point {
  const x = at.x < -1 ? -1 : 1;
  return at.y < -1 ? { x: x * r * 0.82, y: -r * 0.72 } : { x: x * r * 0.7, y: r * 0.7 };
}

// markShapes places the marks of a machine's ills: the worst under the disc, with words where there is room; two more at its sides.
function markShapes(v: View, marks: readonly Mark[], g: Group, seat: number): MarkShape[] {
  return marks.slice(0, 3).map(({ ill, text }, i) => {
    if (i > 0) return { ill, text: "", half: GLYPH_HALF, x: (i === 1 ? 0.87 : -0.87) * g.r, y: g.r * 0.5 };
    if (g.pad > 0) return { ill, text: "", half: GLYPH_HALF, ...outside(g.seats[seat]!, g.r) };
    const wide = !v.frame.compact;
    const half = wide ? (v.widthOf(text, MARK_FONT) + 2 * GLYPH_HALF + 7) / 2 : GLYPH_HALF;
    return { ill, text: wide ? text : "", half, x: 0, y: wide ? g.r + 1 : g.r * 0.82 };
  });
}

// speaks reports whether a node's term stands over its region: of several that have one, the highest leader's.
function speaks(v: View, i: number, region: number): boolean {
  const weight = (n: number) => (v.nodes[n]!.term ?? 0) + (leads(v.nodes[n]!.role ?? "") ? 0.5 : 0);
  const list = (v.nodesOf[region] ?? []).filter((n) => termOf(v.nodes[n]!.role ?? "", 0) !== "");
  return list.every((n) => n === i || weight(n) < weight(i) || (weight(n) === weight(i) && n > i));
}

// figure writes a value into a node as large as it fits.
function figure(text: string, g: Group): { text: string; size: number } {
  const fit = (s: string, most: number) => Math.min(g.r * most, (g.r * 1.62) / (s.length * 0.58));
  if (g.pad === 0) return { text, size: fit(text, 0.62) };
  const size = fit(text, 0.66);
  if (size >= 10) return { text, size };
  const least = fit(bare(text), 0.72);
  return { text: least < LEAST_VALUE ? "" : bare(text), size: least };
}

// worn says where a node has its crown and its term: above it, or where the others of its region leave room.
function worn(g: Group, seat: number, crowned: boolean, said: boolean): Pick<NodeShape, "crownAt" | "termAt"> {
  const top = -g.h - CROWN_HEIGHT / 2 - 1;
  if (g.pad === 0) {
    const termAt = { x: crowned ? -2 : 0, y: top + 6, anchor: crowned ? ("start" as const) : ("middle" as const) };
    return { crownAt: { x: said ? -16 : 0, y: top, turn: 0, scale: 1 }, termAt };
  }
  const p = perch(g, seat);
  const at = g.seats[seat]!;
  // The term stands over the region, beside the crown if that is there too.
  const beside = crowned && at.y + p.y < -g.h + 6;
  const left = at.x > 1;
  const x = beside ? at.x + p.x + (left ? -11 : 11) : 0;
  return { crownAt: { ...p, scale: 0.8 }, termAt: { x: x - at.x, y: -g.h - 5 - at.y, anchor: beside ? (left ? "end" : "start") : "middle" } };
}

