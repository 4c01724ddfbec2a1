// Paints a lane's scene into its two SVG layers. Elements are made once and amended; nothing is made anew per frame.
import { art, keep, moveTo, say, set, show, type Art } from "./art";
import { n1 } from "./curve";
import { NAME_HEIGHT, type Frame } from "./layout";
import { targetNames } from "./menu_words";
import type { CableShape, ClientShape, RegionShape, Scene } from "./scene";
import { nodeArt, paintNode, runRings, type NodeArt } from "./svg_nodes";
import type { Cell } from "./ledger";
import type { Trace } from "./traces";
import type { Tone } from "./words";

export interface Painter {
  paint(scene: Scene, frame: Frame): void;
  run(now: number): void; // lets the rings run down, between two scenes
  trace(list: readonly Trace[]): void; // the ways of a violation's messages
}

// Marks of the tones, drawn in a box of 12 by 12: they differ by shape as well as by colour.
const marks: Record<Tone, string> = {
  ok: "M2 6.5 5 9.5 10 2.8",
  fail: "M6 1.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 1 0 0-9.6M2.8 9.2 9.2 2.8",
  info: "M3.4 4.2C3.4 2.4 4.5 1.4 6 1.4s2.6 1 2.6 2.5C8.6 5.8 6 5.7 6 7.8M6 10.3v.4",
  stale: "M6 1.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 1 0 0-9.6M6 3.4V6l2 1.5",
  pending: "M2 6h.1M6 6h.1M10 6h.1",
  gone: "M2.5 2.5 9.5 9.5M9.5 2.5 2.5 9.5",
};
const BUST = "M0-10.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9M-8 10C-8 3.5-4.5 0 0 0s8 3.5 8 10Z";
const BEHIND = [6, -6]; // how far to the side those stand who are behind the client that speaks
const MARK = 12;
export const STOP = "M-13 0H-1M-6-4.5-1.5 0-6 4.5M3-7V7"; // an arrow that runs into a bar
export const HELD = "M-13 0H-3M-8-4.5-3.5 0-8 4.5M1-6.5V6.5M5.5-6.5V6.5";

// createPainter draws into the two layers. The land lies in the page, as #land.
export function createPainter(below: SVGSVGElement, above: SVGSVGElement): Painter {
  const land = art(below, "use", { href: "#land", class: "land" });
  const haloLayer = art(below, "g").el;
  const cableLayer = art(below, "g").el;
  const groundLayer = art(below, "g").el;
  const traceLayer = art(below, "g").el;
  const tagLayer = art(above, "g", { "aria-hidden": "true" }).el;
  const clientLayer = art(above, "g", { class: "clients", role: "group", "aria-label": targetNames.clients }).el;
  const regionLayer = art(above, "g").el;
  const cables: CableArt[] = [];
  const regions: RegionArt[] = [];
  const nodes: NodeArt[] = [];
  const clients: ClientArt[] = [];
  const traces: TraceArt[] = [];
  return {
    run: (now) => nodes.forEach((a) => runRings(a, now)),
    trace(list) {
      keep(traces, list.length, () => traceArt(traceLayer));
      traces.forEach((a, i) => paintTrace(a, list[i]));
    },
    paint(scene, frame) {
      const { sx, sy, tx, ty } = frame.map;
      set(land, "transform", `matrix(${sx.toFixed(4)} 0 0 ${sy.toFixed(4)} ${n1(tx)} ${n1(ty)})`);
      keep(cables, scene.cables.length, () => cableArt(cableLayer, tagLayer));
      keep(regions, scene.regions.length, () => regionArt(regionLayer, haloLayer, groundLayer));
      keep(nodes, scene.nodes.length, () => nodeArt(regions[scene.nodes[nodes.length]!.region]!.body.el));
      keep(clients, scene.clients.length, () => clientArt(clientLayer));
      scene.cables.forEach((c, i) => paintCable(cables[i]!, c));
      scene.regions.forEach((r, i) => paintRegion(regions[i]!, r));
      scene.nodes.forEach((n, i) => paintNode(nodes[i]!, n));
      scene.clients.forEach((c, i) => paintClient(clients[i]!, c));
    },
  };
}

interface CableArt {
  line: Art;
  ends: [Art, Art];
  stops: [Art, Art];
  tag: Art;
}

function cableArt(layer: SVGElement, tags: SVGElement): CableArt {
  const end = () => art(layer, "path", { class: "torn", d: "M-4-4 4 4M4-4-4 4" });
  const stop = () => art(layer, "path", { class: "stop" });
  return { line: art(layer, "path", { class: "cable" }), ends: [end(), end()], stops: [stop(), stop()], tag: art(tags, "text", { class: "tag", "text-anchor": "middle", dy: ".35em" }) };
}

function paintCable(a: CableArt, c: CableShape): void {
  set(a.line, "d", c.d);
  set(a.line, "data-cut", c.cut ? "1" : "0");
  set(a.line, "data-look", c.look);
  set(a.line, "data-faint", c.faint ? "1" : "0");
  set(a.line, "stroke-width", n1((c.faint ? 1.2 : 2.2) * (1 - 0.5 * c.strain)));
  a.ends.forEach((end, i) => {
    const p = c.ends[i];
    show(end, p !== undefined);
    if (p) moveTo(end, p);
  });
  a.stops.forEach((stop, i) => {
    const p = c.stops[i];
    show(stop, p !== undefined);
    if (!p) return;
    set(stop, "data-held", p.held ? "1" : "0");
    set(stop, "d", p.held ? HELD : STOP);
    set(stop, "transform", `translate(${n1(p.x)} ${n1(p.y)}) rotate(${n1(p.turn)})`);
  });
  show(a.tag, c.tag !== null);
  if (!c.tag) return;
  moveTo(a.tag, c.tag);
  set(a.tag, "data-odd", c.tag.odd ? "1" : "0");
  say(a.tag, c.tag.text);
}

interface TraceArt {
  trace: Art;
  line: Art;
  end: Art;
}

function traceArt(layer: SVGElement): TraceArt {
  const trace = art(layer, "g", { class: "trace" });
  return { trace, line: art(trace.el, "path", { class: "way" }), end: art(trace.el, "path") };
}

function paintTrace(a: TraceArt, t: Trace | undefined): void {
  show(a.trace, t !== undefined);
  if (!t) return;
  set(a.trace, "data-lost", t.cross ? "1" : "0");
  set(a.trace, "data-late", t.late ? "1" : "0");
  set(a.trace, "data-hot", t.hot ? "1" : "0");
  set(a.line, "d", t.d);
  set(a.end, "class", t.cross ? "cross" : "tip");
  set(a.end, "d", t.cross ? "M-6-6 6 6M6-6-6 6" : "M3 0-8-6v12z");
  const { x, y, turn } = t.tip ?? { ...t.cross!, turn: 0 };
  set(a.end, "transform", `translate(${n1(x)} ${n1(y)}) rotate(${n1(turn)})`);
}

interface RegionArt {
  place: Art;
  region: Art;
  halo: Art;
  ground: Art;
  hit: Art;
  body: Art;
  name: Art;
  away: Art;
  cells: Art[]; // of its replicas' logs
}

// regionArt makes a region: below, what hands and keys find, whose label says it all; above, what eyes see.
function regionArt(layer: SVGElement, halos: SVGElement, grounds: SVGElement): RegionArt {
  const place = art(layer, "g", { class: "place" });
  const region = art(place.el, "g", { class: "region", role: "button", tabindex: "0" });
  const hit = art(region.el, "circle", { class: "hit" });
  const body = art(place.el, "g", { class: "body", "aria-hidden": "true" });
  return {
    place,
    region,
    halo: art(halos, "rect", { class: "halo", rx: "34" }),
    ground: art(grounds, "path", { class: "ground", "stroke-linejoin": "round" }),
    hit,
    body,
    name: art(body.el, "text", { class: "name", "text-anchor": "middle" }),
    away: art(body.el, "text", { class: "away", "text-anchor": "middle" }),
    cells: [],
  };
}

function paintRegion(a: RegionArt, r: RegionShape): void {
  moveTo(a.place, r);
  set(a.place, "data-away", r.away ? "1" : "0");
  set(a.region, "data-region", r.name);
  set(a.region, "data-away", r.away ? "1" : "0");
  set(a.region, "data-held", r.held ? "1" : "0");
  set(a.region, "aria-pressed", String(r.away));
  set(a.region, "aria-label", r.label);
  paintHalo(a.halo, r);
  show(a.ground, r.ground !== null);
  if (r.ground) {
    moveTo(a.ground, r);
    set(a.ground, "d", r.ground.d);
    set(a.ground, "stroke-width", n1(r.ground.width));
  }
  set(a.hit, "r", n1(r.hit));
  set(a.name, "y", n1(r.h + NAME_HEIGHT - 3));
  set(a.name, "font-size", n1(r.title.size));
  say(a.name, r.title.text);
  set(a.away, "y", n1(r.awayTop + 11));
  say(a.away, r.awayText);
  keep(a.cells, r.cells.length, () => art(a.body.el, "rect", { class: "cell", rx: "1" }));
  a.cells.forEach((cell, i) => paintCell(cell, r.cells[i]));
}

function paintCell(a: Art, c: Cell | undefined): void {
  show(a, c !== undefined);
  if (!c) return;
  const inset = c.look === "committed" ? 0 : 0.6; // of an outline
  set(a, "x", n1(c.x + inset));
  set(a, "y", n1(c.y + inset));
  set(a, "width", n1(c.w - 2 * inset));
  set(a, "height", n1(c.h - 2 * inset));
  set(a, "data-cell", c.look);
  set(a, "data-plain", c.plain ? "1" : "0");
  set(a, "data-ink", String(c.ink));
}

function paintHalo(a: Art, r: RegionShape): void {
  set(a, "data-away", r.away ? "1" : "0");
  moveTo(a, r);
  set(a, "x", n1(r.halo.x));
  set(a, "y", n1(r.halo.y));
  set(a, "width", n1(r.halo.w));
  set(a, "height", n1(r.halo.h));
}

interface ClientArt {
  client: Art;
  hit: Art; // what hands and keys find, whose label says it all
  light: Art;
  others: Art[];
  person: Art;
  ring: Art;
  bubble: Art;
  box: Art;
  mark: Art;
  main: Art;
  sub: Art;
}

function clientArt(layer: SVGElement): ClientArt {
  const client = art(layer, "g", { class: "client" });
  const hit = art(client.el, "rect", { class: "client-target", rx: "9", role: "button", tabindex: "-1", "aria-haspopup": "dialog" });
  const light = art(client.el, "circle", { class: "light", r: "15" });
  const others = BEHIND.map(() => art(client.el, "path", { class: "person other", d: BUST }));
  const person = art(client.el, "path", { class: "person", d: BUST });
  const ring = art(client.el, "path", { class: "asking", d: "M-5-15h.1M0-15h.1M5-15h.1" });
  const bubble = art(client.el, "g", { class: "bubble", "aria-hidden": "true" });
  return {
    client,
    hit,
    light,
    others,
    person,
    ring,
    bubble,
    box: art(bubble.el, "rect", { rx: "9" }),
    mark: art(bubble.el, "path", { class: "mark" }),
    main: art(bubble.el, "text", { class: "main" }),
    sub: art(bubble.el, "text", { class: "sub" }),
  };
}

// paintHit lays what hands find over a person and the bubble.
function paintHit(a: Art, c: ClientShape): void {
  const { x, y } = c.person;
  const [left, right] = [Math.min(x - 12, c.box?.x ?? x), Math.max(x + 12, c.box ? c.box.x + c.box.w : x)];
  const [top, low] = [Math.min(y - 14, c.box?.y ?? y), Math.max(y + 14, c.box ? c.box.y + c.box.h : y)];
  set(a, "x", n1(left));
  set(a, "y", n1(top));
  set(a, "width", n1(right - left));
  set(a, "height", n1(low - top));
}

function paintClient(a: ClientArt, c: ClientShape): void {
  set(a.client, "data-client", c.name);
  set(a.client, "data-outcome", c.outcome);
  set(a.client, "data-tone", c.tone);
  set(a.client, "data-old", c.old ? "1" : "0");
  set(a.hit, "aria-label", c.label);
  paintHit(a.hit, c);
  set(a.client, "data-who", c.who);
  set(a.client, "data-several", c.others > 0 ? "1" : "0");
  a.others.forEach((other, i) => {
    show(other, i < c.others);
    moveTo(other, { x: c.person.x + BEHIND[i]!, y: c.person.y - 4 });
  });
  moveTo(a.person, c.person);
  moveTo(a.light, c.person);
  set(a.client, "data-light", c.light);
  moveTo(a.ring, { x: c.person.x, y: c.person.y - (c.others > 0 ? 4 : 0) });
  show(a.ring, c.asking);
  show(a.bubble, c.box !== null);
  if (!c.box) return;
  moveTo(a.bubble, c.box);
  set(a.box, "width", n1(c.box.w));
  set(a.box, "height", n1(c.box.h));
  const line = c.sub ? c.size + 4 : c.box.h / 2 + c.size * 0.36;
  set(a.mark, "d", marks[c.tone]);
  set(a.mark, "transform", `translate(9 ${n1(line - c.size * 0.36 - MARK / 2)})`);
  set(a.main, "x", String(9 + MARK + 5));
  set(a.main, "y", n1(line));
  set(a.main, "font-size", n1(c.size));
  say(a.main, c.main);
  set(a.sub, "x", "9");
  set(a.sub, "y", n1(c.box.h - 8));
  say(a.sub, c.sub);
}
