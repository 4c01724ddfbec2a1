// Paints the nodes of a scene: discs with all that goes around them.
import { art, keep, moveTo, say, set, show, type Art } from "./art";
import { n1 } from "./curve";
import { ills } from "./marks";
import { arcOf, leftOf, type RingShape } from "./rings";
import type { MarkShape, NodeShape, PartShape } from "./scene_nodes";

const CROWN = "M-9 6V-4L-4.5 1 0-6 4.5 1 9-4V6Z";
const DOUBT = "M-4-4 4 4M4-4-4 4";

export interface NodeArt {
  node: Art;
  light: Art;
  disc: Art;
  value: Art;
  crown: Art;
  term: Art;
  rings: Art[];
  runs: readonly RingShape[]; // of those
  tally: [Art, Art];
  beads: Art;
  parts: PartArt[];
  partLayer: SVGElement;
  marks: MarkArt[];
  markLayer: SVGElement;
  doubt: Art;
}

interface PartArt {
  area: Art;
  text: Art;
  token: Art;
}

interface MarkArt {
  mark: Art;
  box: Art;
  glyph: Art;
  text: Art;
}

// nodeArt makes a node in the body of its region.
export function nodeArt(body: SVGElement): NodeArt {
  const node = art(body, "g", { class: "node" });
  return {
    node,
    light: art(node.el, "circle", { class: "light" }),
    rings: [art(node.el, "path", { class: "timer" }), art(node.el, "path", { class: "timer" })],
    runs: [],
    tally: [art(node.el, "path", { class: "tally", "data-there": "0" }), art(node.el, "path", { class: "tally", "data-there": "1" })],
    beads: art(node.el, "path", { class: "beads" }),
    disc: art(node.el, "circle", { class: "disc" }),
    parts: [],
    partLayer: art(node.el, "g").el,
    value: art(node.el, "text", { class: "value", dy: ".35em", "text-anchor": "middle" }),
    crown: art(node.el, "path", { class: "crown", d: CROWN }),
    term: art(node.el, "text", { class: "term" }),
    marks: [],
    markLayer: art(node.el, "g").el,
    doubt: art(node.el, "path", { class: "doubt", d: DOUBT }),
  };
}

export function paintNode(a: NodeArt, n: NodeShape): void {
  moveTo(a.node, n);
  set(a.node, "data-node", n.name);
  set(a.node, "data-value", String(n.value));
  set(a.node, "data-ink", String(n.ink));
  set(a.node, "data-role", n.role);
  set(a.node, "data-small", n.small ? "1" : "0");
  set(a.node, "data-holds", n.holds ? "1" : "0");
  set(a.node, "data-state", n.state);
  set(a.disc, "r", n1(n.r));
  set(a.node, "data-light", n.light);
  set(a.light, "r", n1(n.r + (n.small ? 4 : 6)));
  set(a.value, "font-size", n1(n.size));
  say(a.value, n.text);
  const { x, y, turn, scale } = n.crownAt;
  set(a.crown, "data-crown", n.crown);
  show(a.crown, n.crown !== "");
  set(a.crown, "transform", `translate(${n1(x)} ${n1(y)})${turn ? ` rotate(${n1(turn)})` : ""}${scale === 1 ? "" : ` scale(${scale})`}`);
  set(a.term, "x", n1(n.termAt.x));
  set(a.term, "y", n1(n.termAt.y));
  set(a.term, "text-anchor", n.termAt.anchor);
  say(a.term, n.term);
  paintRings(a, n);
  keep(a.parts, n.parts.length, () => partArt(a.partLayer));
  a.parts.forEach((part, i) => paintPart(part, n.parts[i]));
  keep(a.marks, n.marks.length, () => markArt(a.markLayer));
  a.marks.forEach((mark, i) => paintMark(mark, n.marks[i]));
  show(a.doubt, n.doubted);
  moveTo(a.doubt, { x: -n.r * 0.75, y: -n.r * 0.75 });
}

function paintRings(a: NodeArt, n: NodeShape): void {
  a.runs = n.rings;
  a.rings.forEach((ring, i) => {
    show(ring, n.rings[i] !== undefined);
    if (n.rings[i]) set(ring, "data-ring", n.rings[i].look);
  });
  set(a.tally[0], "d", n.tally?.off ?? "");
  set(a.tally[1], "d", n.tally?.on ?? "");
  set(a.beads, "d", n.beads);
}

// runRings brings a node's rings to an instant.
export function runRings(a: NodeArt, now: number): void {
  a.runs.forEach((ring, i) => set(a.rings[i]!, "d", arcOf(ring.r, leftOf(ring, now))));
}

function partArt(layer: SVGElement): PartArt {
  return { area: art(layer, "path", { class: "part" }), text: art(layer, "text", { class: "value", dy: ".35em", "text-anchor": "middle" }), token: art(layer, "path", { class: "token" }) };
}

function paintPart(a: PartArt, p: PartShape | undefined): void {
  show(a.area, p !== undefined);
  show(a.text, p !== undefined);
  show(a.token, p?.token !== undefined && p.token !== "");
  if (!p) return;
  set(a.token, "d", p.token);
  set(a.token, "data-ink", String(p.ink));
  set(a.token, "transform", `translate(${n1(p.x)} 0)`);
  set(a.area, "d", p.d);
  set(a.area, "data-ink", String(p.ink));
  set(a.text, "data-ink", String(p.ink));
  set(a.text, "x", n1(p.x));
  set(a.text, "font-size", n1(p.size));
  say(a.text, p.text);
}

function markArt(layer: SVGElement): MarkArt {
  const mark = art(layer, "g", { class: "ill" });
  return { mark, box: art(mark.el, "rect", { rx: "8", y: "-8", height: "16" }), glyph: art(mark.el, "path"), text: art(mark.el, "text", { dy: ".35em" }) };
}

function paintMark(a: MarkArt, m: MarkShape | undefined): void {
  show(a.mark, m !== undefined);
  if (!m) return;
  moveTo(a.mark, m);
  set(a.mark, "data-ill", m.ill);
  set(a.box, "x", n1(-m.half));
  set(a.box, "width", n1(2 * m.half));
  set(a.glyph, "d", ills[m.ill]);
  set(a.glyph, "transform", `translate(${n1(m.text ? 8 - m.half : 0)} 0) scale(.85)`);
  set(a.text, "x", n1(16 - m.half));
  say(a.text, m.text);
}
