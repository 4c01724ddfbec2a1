// What hands and keys find on a lane's stage besides regions: cables, nodes and clients; and the stroke under the hand.
import { n1, pathOf, type Curve, type Point } from "./curve";
import type { Slash } from "./strokes";
import { targetNames, strokeHelp } from "./menu_words";

const NS = "http://www.w3.org/2000/svg";

// TargetView is where everything is, and what it is called.
export interface TargetView {
  cables: { curve: Curve; name: string }[];
  nodes: { at: Point; r: number; name: string }[];
  ties: Curve[]; // between regions on one side
  join: Curve | null; // between a region in hand and the one whose side it would join
  stroke: readonly Point[] | null;
  slashes: readonly Slash[]; // what the stroke would cut
  width: number;
}

export interface Targets {
  paint(view: TargetView): void;
  turn(to: Element): void; // the Tab key comes to what has had the focus last in its group
}

function make(parent: Element, tag: string, attrs: Record<string, string>): SVGElement {
  const el = document.createElementNS(NS, tag) as SVGElement;
  for (const [k, v] of Object.entries(attrs)) el.setAttribute(k, v);
  parent.append(el);
  return el;
}

// written remembers what was last set, so that setting the same again costs nothing.
const written = new WeakMap<Element, Record<string, string>>();

function set(el: Element, name: string, value: string): void {
  let last = written.get(el);
  if (!last) written.set(el, (last = {}));
  if (last[name] === value) return;
  last[name] = value;
  el.setAttribute(name, value);
}

// fit makes a layer have so many elements.
function fit(layer: Element, n: number, add: (i: number) => void): void {
  while (layer.children.length < n) add(layer.children.length);
  while (layer.children.length > n) layer.lastElementChild!.remove();
}

// createTargets adds its layers to those of the painter, which has made its own before.
export function createTargets(below: SVGSVGElement, above: SVGSVGElement): Targets {
  const ties = make(below, "g", { class: "ties" });
  below.insertBefore(ties, below.children[1] ?? null);
  const cables = make(above, "g", { role: "group", "aria-label": targetNames.cables });
  const clients = above.querySelector(".clients")!;
  above.insertBefore(cables, clients);
  const nodes = make(above, "g", { role: "group", "aria-label": targetNames.nodes });
  const stroke = make(above, "g", { class: "drawing", "aria-hidden": "true" });
  const line = make(stroke, "path", { class: "stroke" });
  const help = make(stroke, "text", { class: "stroke-help", "text-anchor": "middle", y: "18" });
  help.textContent = strokeHelp;
  const marks = make(stroke, "g", {});
  const groups = [cables, nodes, clients];
  groups.forEach(rove);
  return {
    turn(to) {
      const group = groups.find((g) => g !== to && g.contains(to));
      for (const el of group?.querySelectorAll("[role=button]") ?? []) el.setAttribute("tabindex", el === to ? "0" : "-1");
    },
    paint(v) {
      const target = (layer: Element, tag: string, kind: string) => (i: number) =>
        make(layer, tag, { class: kind, [`data-${kind}`]: String(i), role: "button", tabindex: i === 0 ? "0" : "-1", "aria-haspopup": "dialog" });
      fit(cables, v.cables.length, target(cables, "path", "cable-target"));
      v.cables.forEach((c, i) => {
        const el = cables.children[i]!;
        set(el, "d", pathOf(c.curve));
        set(el, "aria-label", c.name);
        set(el, "data-slash", v.slashes.some((s) => s.cable === i) ? "1" : "0");
      });
      fit(nodes, v.nodes.length, target(nodes, "circle", "node-target"));
      v.nodes.forEach((n, i) => {
        const el = nodes.children[i]!;
        set(el, "transform", `translate(${n1(n.at.x)} ${n1(n.at.y)})`);
        set(el, "r", n1(n.r));
        set(el, "aria-label", n.name);
      });
      if (!clients.querySelector('[tabindex="0"]')) clients.querySelector("[role=button]")?.setAttribute("tabindex", "0");
      paintTies(ties, v);
      set(stroke, "display", v.stroke ? "inline" : "none");
      if (!v.stroke && marks.children.length === 0) return;
      set(help, "x", n1(v.width / 2));
      set(line, "d", v.stroke ? `M${v.stroke.map((p) => `${n1(p.x)} ${n1(p.y)}`).join("L")}` : "");
      paintMarks(marks, v.stroke ? v.slashes : []);
    },
  };
}

function paintTies(layer: Element, v: TargetView): void {
  const list = v.join ? [...v.ties, v.join] : v.ties;
  fit(layer, list.length, () => make(layer, "path", { class: "tie" }));
  list.forEach((tie, i) => {
    set(layer.children[i]!, "d", pathOf(tie));
    set(layer.children[i]!, "data-join", v.join && i === v.ties.length ? "1" : "0");
  });
}

const HEADS = { there: "M-7 0H7M2.5-4.5 7 0 2.5 4.5", back: "M7 0H-7M-2.5-4.5-7 0-2.5 4.5", both: "M-8 0H8M4-4 8 0 4 4M-4-4-8 0-4 4" };

// paintMarks shows which directions the stroke would cut.
function paintMarks(layer: Element, slashes: readonly Slash[]): void {
  fit(layer, slashes.length, () => {
    const g = make(layer, "g", { class: "slash" });
    make(g, "circle", { r: "13" });
    make(g, "path", {});
  });
  slashes.forEach((s, i) => {
    const el = layer.children[i]!;
    set(el, "transform", `translate(${n1(s.at.x)} ${n1(s.at.y)}) rotate(${n1(s.turn)})`);
    set(el, "data-way", s.way);
    set(el.lastElementChild!, "d", HEADS[s.way]);
  });
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

// rove makes a group one stop of the Tab key: arrows go from one to the next in it. It must not listen to focus itself:
// Chromium takes SVG elements that do for ones that can have it.
function rove(group: Element): void {
  const list = () => [...group.querySelectorAll<SVGElement>("[role=button]")];
  group.addEventListener("keydown", (event) => {
    const e = event as KeyboardEvent;
    const all = list();
    const from = all.indexOf(e.target as SVGElement);
    const way = steps[e.key];
    if (!way || from < 0) return;
    e.preventDefault();
    all[(from + way + all.length) % all.length]?.focus();
  });
}
