// The Space-time tab: the diagram of one lane on a canvas, with its controls, what is pointed at in words, and a list of
// what is in view for those who do not see it.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import * as actions from "./actions";
import type { Deed, Letter } from "./archive";
import { Choice } from "./choice";
import { fabricOf, faultsOf, marksOf, type Filter } from "./fabric";
import { GUTTER, type Lens, following, panned, zoomed } from "./lens";
import { canvasPen, svgPen } from "./pen";
import { space, deedText, kindOf, messageText, tickOf } from "./space_words";
import { drawDiagram, found, timeUnder, type Arrow, type Diagram, type Stay } from "./spacetime";
import { Listing } from "./spacetime_list";
import { paletteOf } from "./spacetime_style";
import * as store from "./store";
import { laneName } from "./words";

const SPAN = 2200; // microseconds that a pixel shows at first
const CLICK = 5; // pixels that a pointer may move in a click
const STEP = 60; // pixels that an arrow key moves the diagram by
const ZOOM = 1.35;
const SAVED_WIDTH = 1600;

// Sight is what a visitor has chosen to see. It outlives the tab.
interface Sight {
  lane: number;
  hidden: Set<string>;
  place: string;
  key: string;
  follow: boolean;
  lens: Lens;
}

const sight: Sight = { lane: -1, hidden: new Set(["heartbeat"]), place: "", key: "", follow: true, lens: { from: 0, to: 1, width: 0, height: 0, scroll: 0 } };

// useScene returns the diagram as it is now, woven anew only when something of it has changed.
function useScene(): () => Diagram {
  const memo = useRef<{ key: string; woven: ReturnType<typeof fabricOf> } | null>(null);
  return () => {
    const w = store.world.peek()!;
    const a = store.archives[sight.lane]!;
    const losses = store.lanes.peek()[sight.lane]?.losses ?? [];
    const key = `${w.room} ${sight.lane} ${a.version} ${losses.length} ${[...sight.hidden].join()} ${sight.place} ${sight.key}`;
    if (memo.current?.key !== key) memo.current = { key, woven: fabricOf(w, a, filterOf(), lostOf(sight.lane)) };
    const cause = store.why.peek()?.lane === sight.lane ? store.cause.peek() : null;
    const other = store.contrast.peek()?.messages;
    const picked = store.selected.peek();
    const mine = picked?.lane === sight.lane ? picked : null;
    const edge = store.clock.peek().live ? store.playback.now : Math.max(store.clock.peek().edge, store.playback.now);
    return {
      ...memo.current.woven,
      ...marksOf(cause),
      ...(other && !cause ? { marked: other } : {}),
      chosen: { arrow: mine?.message ?? -1, stay: mine?.operation ?? -1 },
      faults: faultsOf(w, store.commands.peek(), w.lanes[sight.lane]?.name ?? "", edge),
      now: store.playback.now,
      edge,
    };
  };
}

const filterOf = (): Filter => ({ hidden: sight.hidden, place: sight.place, key: sight.key });
export const lostOf = (lane: number): Set<number> => new Set((store.lanes.peek()[lane]?.losses ?? []).map((s) => s.n));

export function SpaceTime() {
  const [, again] = useState(0);
  const refresh = () => again((n) => n + 1);
  const lanes = store.world.value?.lanes ?? [];
  if (sight.lane < 0 || !lanes[sight.lane]) sight.lane = Math.min(store.why.peek()?.lane ?? store.selected.peek()?.lane ?? 0, Math.max(lanes.length - 1, 0));
  if (store.contrast.value) sight.lane = store.shownLane.value;
  const scene = useScene();
  if (!store.world.value || !store.archives[sight.lane]) return null;
  return (
    <div class="spacetime">
      <Controls refresh={refresh} scene={scene} />
      <Chart scene={scene} refresh={refresh} />
      <Chosen scene={scene} />
      <Listing lane={sight.lane} scene={scene} lens={() => sight.lens} />
    </div>
  );
}

interface Part {
  scene(): Diagram;
  refresh(): void;
}

function Controls({ refresh, scene }: Part) {
  const w = store.world.value!;
  store.now.value; // kinds and keys come up as time goes on
  const a = store.archives[sight.lane]!;
  const kinds = useMemo(() => [...new Set(a.letters.map((m) => m.kind))].sort((x, y) => x - y).map((k) => w.kinds[k] ?? ""), [sight.lane, a.version, w]);
  const set = (change: Partial<Sight>) => {
    Object.assign(sight, change);
    refresh();
  };
  const toggle = (kind: string) => {
    const hidden = new Set(sight.hidden);
    if (!hidden.delete(kind)) hidden.add(kind);
    set({ hidden });
  };
  const zoom = (factor: number) => set({ lens: zoomed(sight.lens, factor, (GUTTER + sight.lens.width) / 2, store.clock.peek().edge) });
  return (
    <div class="space-controls">
      <Choice label={space.lane} value={String(sight.lane)} of={w.lanes.map((l, i) => [String(i), laneName(l.name)])} set={(v) => set({ lane: Number(v) })} />
      <Choice label={space.place} value={sight.place} of={[["", space.everywhere], ...w.names.map((n): [string, string] => [n, n]), ...nodesApart()]} set={(place) => set({ place })} />
      {a.keys.length > 1 && <Choice label={space.key} value={sight.key} of={[["", space.anyKey], ...a.keys.map((k): [string, string] => [k, k])]} set={(key) => set({ key })} />}
      <div class="kinds" role="group" aria-label={space.kinds}>
        {kinds.map((kind) => (
          <button key={kind} type="button" class="chip" data-kind={kind} aria-pressed={!sight.hidden.has(kind)} onClick={() => toggle(kind)}>
            {kindOf(kind)}
          </button>
        ))}
      </div>
      <div class="lens">
        <button type="button" data-action="follow" aria-pressed={sight.follow} onClick={() => set({ follow: !sight.follow })}>
          {space.follow}
        </button>
        <button type="button" class="icon" data-action="zoom-out" aria-label={space.wider} title={space.wider} onClick={() => zoom(ZOOM)}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path class="ring" d="M6 12h12" /></svg>
        </button>
        <button type="button" class="icon" data-action="zoom-in" aria-label={space.closer} title={space.closer} onClick={() => zoom(1 / ZOOM)}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path class="ring" d="M6 12h12M12 6v12" /></svg>
        </button>
        <button type="button" data-action="save-space" onClick={() => save(scene())}>
          {space.save}
        </button>
      </div>
    </div>
  );
}

// nodesApart are the nodes of regions that have several.
function nodesApart(): [string, string][] {
  const w = store.world.peek()!;
  return w.nodes.filter((n) => w.nodesOf[n.region]!.length > 1).map((n) => [n.name, n.name]);
}

// save writes what the lens shows as an SVG file.
function save(d: Diagram): void {
  const { colours, family } = paletteOf();
  const lens = { ...sight.lens, width: SAVED_WIDTH, scroll: 0, height: Math.max(sight.lens.height, 420) };
  const pen = svgPen(lens.width, lens.height, family, colours.ground);
  drawDiagram(pen, d, lens, colours, tickOf);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([pen.svg()], { type: "image/svg+xml" }));
  link.download = space.file(store.world.peek()?.lanes[sight.lane]?.name ?? "");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

interface Tip {
  x: number;
  y: number;
  text: string;
}

// Chart is the canvas: it is drawn anew on the browser's frames, when anything that it shows has changed.
function Chart({ scene, refresh }: Part) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => paintOn(host.current!, canvas.current!, scene), []);
  useEffect(() => listen(host.current!, scene, setTip, refresh), []);
  const w = store.world.value!;
  return (
    <div class="weave" ref={host} data-chart="space" tabIndex={0} role="application" aria-label={space.label(w.lanes[sight.lane]?.name ?? "")} aria-describedby="space-help">
      <canvas ref={canvas} aria-hidden="true" />
      <span id="space-help" class="unseen">{space.help}</span>
      {tip && (
        <p class="tip" data-tip="" style={{ left: `${tip.x}px`, top: `${tip.y}px` }}>
          {tip.text}
        </p>
      )}
    </div>
  );
}

function paintOn(host: HTMLElement, canvas: HTMLCanvasElement, scene: () => Diagram): () => void {
  const pen = canvas.getContext("2d")!;
  let painted = "";
  let frame = requestAnimationFrame(function paint() {
    frame = requestAnimationFrame(paint);
    const [width, height, scale] = [host.clientWidth, host.clientHeight, Math.min(devicePixelRatio || 1, 3)];
    if (width < GUTTER + 20 || !store.archives[sight.lane]) return;
    if (sight.lens.width === 0) sight.lens.to = SPAN * (width - GUTTER);
    sight.lens = { ...sight.lens, width, height };
    if (sight.follow) sight.lens = following(sight.lens, store.playback.now);
    const { colours, family, key } = paletteOf();
    const l = sight.lens;
    const state = `${key} ${l.from} ${l.to} ${width} ${height} ${scale} ${l.scroll} ${store.playback.now} ${store.archives[sight.lane]!.version} ${sight.lane} ${[...sight.hidden].join()} ${sight.place} ${sight.key} ${JSON.stringify(store.selected.peek())} ${JSON.stringify(store.why.peek())} ${store.commands.peek().length}`;
    if (state === painted) return;
    painted = state;
    const begun = performance.now();
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    const d = scene();
    drawDiagram(canvasPen(pen, family), d, l, colours, tickOf);
    Object.assign(host.dataset, { arrows: d.arrows.length, stays: d.stays.length, from: Math.round(l.from), to: Math.round(l.to), took: (performance.now() - begun).toFixed(1) });
  });
  return () => cancelAnimationFrame(frame);
}

export function textOf(lane: number, at: { stay?: { id: number }; arrow?: { id: number } }, edge: number): string {
  const w = store.world.peek()!;
  const a = store.archives[lane];
  const m = at.arrow && a?.letters.find((l: Letter) => l.id === at.arrow!.id);
  if (m) return messageText(w.kinds[m.kind] ?? "", w.labels[m.from] ?? "", w.labels[m.to] ?? "", m, edge);
  const d = at.stay && a?.deeds.find((o: Deed) => o.id === at.stay!.id);
  return d ? deedText(d, w.clients[d.client]?.name ?? "", lostOf(lane).has(d.id)) : "";
}

// momentOf is the instant that shows a message or an operation best.
export const momentOf = (at: { stay?: Stay; arrow?: Arrow }): number => (at.arrow ? Math.round((at.arrow.sent + Math.min(at.arrow.due, at.arrow.lost < 0 ? Infinity : Math.max(at.arrow.lost, at.arrow.sent))) / 2) : at.stay!.to < 0 ? at.stay!.from : at.stay!.to);

// listen makes the diagram answer to pointers and keys.
function listen(host: HTMLElement, scene: () => Diagram, setTip: (t: Tip | null) => void, refresh: () => void): () => void {
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(type: K, f: (e: HTMLElementEventMap[K]) => void, passive = true) => host.addEventListener(type, f, { signal: stop.signal, passive });
  const place = (e: MouseEvent) => {
    const box = host.getBoundingClientRect();
    return { x: e.clientX - box.left, y: e.clientY - box.top };
  };
  const look = (lens: Lens) => {
    const followed = sight.follow;
    Object.assign(sight, { lens, follow: false });
    if (followed) refresh();
  };
  const edge = () => store.clock.peek().edge;
  const held = new Map<number, { x: number; y: number }>();
  let moved = 0;
  on("pointerdown", (e) => {
    if (e.button !== 0) return;
    host.setPointerCapture(e.pointerId);
    held.set(e.pointerId, place(e));
    if (held.size === 1) moved = 0;
  });
  on("pointermove", (e) => {
    const p = place(e);
    const before = held.get(e.pointerId);
    store.glance(p.x < GUTTER ? -1 : timeUnder(sight.lens, p.x));
    if (!before) return setTip(tipAt(scene(), p));
    const other = [...held].find(([id]) => id !== e.pointerId)?.[1];
    moved += Math.abs(p.x - before.x) + Math.abs(p.y - before.y);
    held.set(e.pointerId, p);
    if (moved < CLICK) return;
    setTip(null);
    if (!other) return look(panned(sight.lens, before.x - p.x, before.y - p.y, scene(), edge()));
    const [was, is] = [Math.max(Math.abs(before.x - other.x), 20), Math.max(Math.abs(p.x - other.x), 20)];
    look(zoomed(sight.lens, was / is, (p.x + other.x) / 2, edge()));
  });
  on("pointerup", (e) => {
    if (held.delete(e.pointerId) && moved < CLICK) choose(scene(), place(e), e.pointerType === "mouse" ? 6 : 14, setTip);
  });
  on("pointercancel", (e) => void held.delete(e.pointerId));
  on("pointerleave", () => {
    setTip(null);
    store.glance(-1);
  });
  on("dblclick", (e) => {
    const at = found(scene(), sight.lens, place(e).x, place(e).y);
    if (at.stay || at.arrow) actions.jump(momentOf(at));
  });
  const wheel = (e: WheelEvent) => {
    e.preventDefault();
    if (e.shiftKey) look(panned(sight.lens, e.deltaY || e.deltaX, 0, scene(), edge()));
    else if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) look(panned(sight.lens, e.deltaX, 0, scene(), edge()));
    else look(zoomed(sight.lens, 1.0015 ** e.deltaY, place(e).x, edge()));
  };
  on("wheel", wheel, false);
  on("keydown", (e) => press(e, scene(), look, refresh), false);
  return () => {
    stop.abort();
    store.glance(-1);
  };
}

function tipAt(d: Diagram, p: { x: number; y: number }, reach = 6): Tip | null {
  const text = textOf(sight.lane, found(d, sight.lens, p.x, p.y, reach), d.edge);
  return text ? { x: Math.min(p.x + 12, Math.max(sight.lens.width - 330, 4)), y: Math.min(p.y + 14, sight.lens.height - 60), text } : null;
}

function choose(d: Diagram, p: { x: number; y: number }, reach: number, setTip: (t: Tip | null) => void): void {
  const at = found(d, sight.lens, p.x, p.y, reach);
  setTip(tipAt(d, p, reach));
  if (at.stay || at.arrow) store.inspect({ lane: sight.lane, message: at.arrow?.id, operation: at.stay?.id }, false);
  else if (store.selected.peek()?.node === undefined) store.inspect(null, false);
}

// press does for the keyboard what pointers do.
function press(e: KeyboardEvent, d: Diagram, look: (l: Lens) => void, refresh: () => void): void {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const edge = store.clock.peek().edge;
  const middle = (GUTTER + sight.lens.width) / 2;
  const keys: Record<string, () => void> = {
    ArrowLeft: () => look(panned(sight.lens, -STEP, 0, d, edge)),
    ArrowRight: () => look(panned(sight.lens, STEP, 0, d, edge)),
    ArrowUp: () => look(panned(sight.lens, 0, -STEP, d, edge)),
    ArrowDown: () => look(panned(sight.lens, 0, STEP, d, edge)),
    "+": () => look(zoomed(sight.lens, 1 / ZOOM, middle, edge)),
    "=": () => look(zoomed(sight.lens, 1 / ZOOM, middle, edge)),
    "-": () => look(zoomed(sight.lens, ZOOM, middle, edge)),
    Home: () => look({ ...sight.lens, from: 0, to: sight.lens.to - sight.lens.from }),
    End: () => {
      sight.follow = true;
      refresh();
    },
    Enter: () => jumpTo(d),
  };
  const f = keys[e.key];
  if (!f) return;
  e.preventDefault();
  e.stopPropagation();
  f();
}

function jumpTo(d: Diagram): void {
  const arrow = d.arrows.find((a) => a.id === d.chosen.arrow);
  const stay = d.stays.find((s) => s.id === d.chosen.stay);
  if (arrow || stay) actions.jump(momentOf({ arrow, stay }));
}

// Chosen says in words what is chosen, and leads to it.
function Chosen({ scene }: { scene(): Diagram }) {
  const picked = store.selected.value;
  const of = picked?.lane === sight.lane && (picked.message ?? picked.operation) !== undefined ? picked : null;
  if (!of) return <p class="chosen empty">{space.nothing}</p>;
  const at = { arrow: of.message ? { id: of.message } : undefined, stay: of.operation ? { id: of.operation } : undefined };
  const text = textOf(sight.lane, at, store.now.value);
  return (
    <p class="chosen" data-chosen={of.message ?? of.operation}>
      <b>{of.message ? space.message(of.message) : space.operation(of.operation!)}</b> <span>{text}</span>{" "}
      <button type="button" class="link" data-action="inspect-chosen" onClick={() => store.showTab("inspect", true)}>
        {space.inspect}
      </button>{" "}
      <button type="button" class="link" data-action="moment" onClick={() => jumpTo(scene())}>
        {space.moment}
      </button>
    </p>
  );
}
