// The lanes' stages: lays them out, moves what moves, and paints on each frame of the browser what has changed.
import { cableCurve, distance, type Point } from "./curve";
import { listenToStrokes } from "./cutting";
import { tornOf } from "./faults";
import { STUB, type Flight } from "./flights";
import { listen, restOf } from "./gestures";
import { layingOf, type Laying } from "./laying";
import { awaySpots, fontOf, frame, isCompact, type Frame } from "./layout";
import { lookOf } from "./looks";
import { linkOf } from "./menu_faults";
import { cableName, nodeName } from "./menu_words";
import { createMotion } from "./motion";
import { draw, spotOf, type Colours, type Sky } from "./packets";
import { awaySince, ties } from "./partition";
import { nodeAt, pickOn, type Found } from "./picking";
import { place, type Placing } from "./placing";
import { sceneOf } from "./scene";
import { heldOf } from "./scene_nodes";
import * as store from "./store";
import { besideOf } from "./strips";
import { slashes } from "./strokes";
import { coloursIn, readFonts, widthOf } from "./stage_style";
import { contrastNodes, litIn, markedIn, waysOf } from "./stage_lights";
import { createPainter, type Painter } from "./svg";
import { createTargets, type Targets } from "./targets";
import { stretch, type Wire } from "./wires";
import { heldBy, longSayings, longShortSayings } from "./words";
import type { World } from "./world";

interface Stage {
  host: HTMLElement;
  width: number; // of the host, 0 while it is not shown: to ask the host itself would lay out the page anew
  height: number;
  painter: Painter;
  targets: Targets;
  canvas: HTMLCanvasElement;
  pen: CanvasRenderingContext2D;
  dirty: boolean; // something is on the canvas
  aimed: readonly unknown[]; // what its targets were painted of
}

const LOSS_WALL = 8; // seconds of wall time that a loss is shown at the client's place
const HINT_HEIGHT = 32; // of the hint at the lower edge
const COARSE = 16; // pixels that a held region moves between two placings
const MANY = 5; // with more regions, placing is too slow to do while one is dragged
const MANY_NODES = 12; // with more, messages are drawn smaller
const NEAR = 12; // pixels from a message that is pointed at
const NOTHING = besideOf({ timers: [], tallies: [] });
const TICK = 100_000; // the finest time written on a stage, in microseconds

const stages: (Stage | undefined)[] = [];
const motion = createMotion();
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let layout: Frame | null = null;
let placing: Placing = { slots: [], tags: [] };
let laidOut = ""; // what the layout was made for
let placed = ""; // what the placing was made for
let painted = -1;
let tick = -1;
let moved = false; // something did, at the last frame
let scheduled = false;
let last = 0;
let colours = {} as Colours;

// attach builds the sandwich of one lane: map and cables, messages, regions and clients.
export function attach(lane: number, host: HTMLElement, label: string): () => void {
  const svg = (name: string) => {
    const el = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    el.setAttribute("class", name);
    return el;
  };
  const below = svg("below");
  const above = svg("above");
  const canvas = document.createElement("canvas");
  below.setAttribute("aria-hidden", "true");
  canvas.setAttribute("aria-hidden", "true");
  above.setAttribute("role", "group");
  above.setAttribute("aria-label", label);
  host.append(below, canvas, above);
  listen(above, lane, () => layout);
  listenToStrokes(above, lane, laid);
  pickOn(above, lane, (p) => foundAt(lane, p));
  for (const kind of ["pointerover", "pointerleave"]) above.addEventListener(kind, (e) => ask(kind === "pointerover" ? e.target : null));
  const stage: Stage = { host, width: host.clientWidth, height: host.clientHeight, canvas, painter: createPainter(below, above), targets: createTargets(below, above), pen: canvas.getContext("2d")!, dirty: false, aimed: [] };
  stages[lane] = stage;
  painted = -1;
  const gone = new AbortController();
  const onFocus = (e: FocusEvent) => {
    ask(e.target);
    stage.targets.turn(e.target as Element);
  };
  // The host listens: an SVG element that listens to focus is a stop of the Tab key.
  host.addEventListener("focusin", onFocus, { signal: gone.signal });
  host.addEventListener("focusout", () => ask(null), { signal: gone.signal });
  const watch = new ResizeObserver(() => {
    [stage.width, stage.height] = [host.clientWidth, host.clientHeight];
    painted = -1;
    schedule();
  });
  watch.observe(host);
  return () => {
    watch.disconnect();
    gone.abort();
    host.replaceChildren();
    if (stages[lane] === stage) stages[lane] = undefined; // else another lane has taken the place
  };
}

// ask shows the opinions of the nodes of the region that an element belongs to.
function ask(target: EventTarget | null): void {
  const name = target instanceof Element ? target.closest<SVGElement>("[data-region]")?.dataset.region : undefined;
  store.ask(name === undefined ? -1 : (store.world.peek()?.names.indexOf(name) ?? -1));
}

// schedule asks for a frame; frames keep coming while anything moves.
export function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(onFrame);
}

function onFrame(stamp: number): void {
  scheduled = false;
  const wall = Math.min(stamp - last, 250);
  last = stamp;
  store.advance(wall);
  const first = stages.find((s) => s && s.width > 0);
  const world = store.world.peek();
  if (!first || !world || world.regions.length === 0) return;
  const still = painted === store.touched && !moved && !store.grip;
  const whole = layout !== null;
  const moving = !still && arrange(world, first.width, first.height, wall / 1000);
  moved = moving;
  if (!whole) return schedule(); // the first picture is work for two frames
  const now = Math.floor(store.playback.now / TICK);
  if (moving || painted !== store.touched || tick !== now) paint(world);
  painted = store.touched;
  tick = now;
  for (const s of stages) if (s && s.width > 0) s.painter.run(store.playback.now);
  const flying = fly(world);
  document.body.dataset.ready = "1";
  if (moving || store.grip || store.playback.speed > 0 || !store.playback.settled() || (flying && store.playback.speed > 0)) schedule();
}

// arrange brings layout and motion up to date; it reports whether anything moves.
function arrange(world: World, width: number, height: number, seconds: number): boolean {
  const size = `${world.labels.join()} ${world.lanes.length} ${width} ${height}`;
  const fresh = size !== laidOut;
  if (fresh || !layout) {
    if (laidOut === "") readStyle(); // a theme's change says so itself
    const replicas = world.nodesOf.map((list) => list.length);
    const long = isCompact(replicas, width) ? longShortSayings : longSayings;
    layout = frame(world.regions, width, height, Math.max(...long.map((text) => widthOf(text, fontOf(width)))), replicas, store.beside.some((b) => b.logs.length > 0));
    laidOut = size;
    placed = "";
  }
  const f = layout;
  if (fresh) store.setSpots(awaySpots(f));
  const n = world.names.length;
  const rest = world.names.map((_, i) => restOf(f, i));
  const away = store.away.peek();
  const cut = store.cut.peek();
  const tears = tearsOf(world);
  const grip = store.grip;
  const targets = rest.map((p, i) => (grip?.region === i ? { x: grip.place.x * width, y: grip.place.y * height } : p));
  const foot = store.hintShown.peek() ? HINT_HEIGHT : 0;
  // While a region is in hand its surroundings give way in steps, lest they tremble.
  const grid = grip ? COARSE : 1;
  const key = `${laidOut} ${targets.map((p) => `${Math.round(p.x / grid)},${Math.round(p.y / grid)}`).join(" ")} ${away.join()} ${cut.join()} ${foot}`;
  if (key !== placed && !(grip && n > MANY)) {
    placing = place(f, { rest: targets, away, cables: world.cables, cut, stub: STUB, foot }, placed ? placing : undefined);
    placed = key;
  }
  const seats: Point[] = placing.slots.map((s) => ({ x: s.dx, y: s.dy }));
  if (fresh) motion.jump([...targets, ...seats], tears);
  const moving = motion.step([...targets, ...seats], tears, grip?.region ?? -1, seconds, calm.matches);
  return moving || fresh;
}

// tearsOf says of each cable of each lane in turn whether it is torn.
function tearsOf(world: World): boolean[] {
  return store.lanes.peek().flatMap((lane) => tornOf(lane, world.cables.length));
}

function paint(world: World): void {
  const n = world.names.length;
  const f = layout!;
  const now = store.playback.now;
  const seats = motion.at.slice(n);
  const common = {
    names: world.names,
    labels: world.labels,
    callers: world.clients.map((c) => c.name),
    nodesOf: world.nodesOf,
    clientsOf: world.clientsOf,
    cables: world.cables,
    away: store.away.peek(),
    since: awaySince(store.commands.peek(), world.names, now),
    now,
    hold: Math.max(LOSS_WALL * 1e6 * store.clock.peek().speed, 500_000),
    frame: f,
    placing: { ...placing, slots: placing.slots.map((s, i) => ({ ...s, dx: seats[i]?.x ?? s.dx, dy: seats[i]?.y ?? s.dy })) },
    at: motion.at.slice(0, n),
    stub: STUB,
    held: store.grip?.region ?? -1,
    asked: store.pointed,
    inkOf: store.palette.inkOf,
    known: store.palette.known,
    widthOf,
  };
  const cables = laid();
  store.lanes.peek().forEach((lane, i) => {
    const stage = stages[i];
    if (!stage || stage.width === 0 || lane.nodes.length !== world.nodes.length) return;
    const { nodes, clients, losses, links } = lane;
    const cut = tornOf(lane, world.cables.length);
    const slack = motion.slack.slice(i * world.cables.length, (i + 1) * world.cables.length);
    const { name = "", mode = "", holds = [] } = world.lanes[i] ?? {};
    const lit = litIn(i, world);
    stage.painter.paint(sceneOf({ ...common, lane: name, mode, nodes, holds, clients, losses, cut, links, slack, lit, beside: store.beside[i] ?? NOTHING }), f);
    stage.host.dataset.lit = lit ? "1" : "0";
    stage.painter.trace(lit ? waysOf(lit, world, f, lay(world).way) : []);
    aim(stage, i, world, common.at, cables);
    contrastNodes(stage.host, world);
  });
}

let laying: Laying = { cables: [], way: () => null };
let laidOf: readonly unknown[] = []; // what that was made of

// lay returns the cables as they hang now, and the ways along them: made anew only when a region has moved.
function lay(world: World): Laying {
  const held = store.grip?.region ?? -1;
  const of = [world, layout, motion.at, held];
  if (!layout || of.every((o, i) => o === laidOf[i])) return laying;
  laidOf = of;
  return (laying = layingOf(world, layout, motion.at, held));
}

function laid(): Wire[] {
  const world = store.world.peek();
  return world && layout ? lay(world).cables : [];
}

// aim shows what hands can take hold of in a lane, and the stroke that is drawn there.
function aim(stage: Stage, lane: number, world: World, at: readonly Point[], cables: readonly Wire[]): void {
  const f = layout!;
  const stroke = store.stroke?.lane === lane ? store.stroke : null;
  const shown = { lane: world.lanes[lane]?.name ?? "", links: store.lanes.peek()[lane]?.links ?? [] };
  const held = { nodes: store.lanes.peek()[lane]!.nodes, beside: store.beside[lane] ?? NOTHING, holds: world.lanes[lane]?.holds ?? [], labels: world.labels };
  const of = [cables, shown.links, store.groups.peek(), stroke, store.grip, world.lanes[lane], held.nodes, held.beside];
  if (of.every((o, i) => o === stage.aimed[i])) return;
  stage.aimed = of;
  const between = ([a, b]: [number, number]) => cableCurve(at[a]!, at[b]!, 0);
  const { region = -1, join = -1 } = store.grip ?? {};
  stage.targets.paint({
    cables: world.cables.map((c, i) => ({ curve: stretch(cables[i]!, 0, 1), name: cableName(shown.lane, world.names[c.from]!, world.names[c.to]!, linkOf(shown.links[i], "there"), linkOf(shown.links[i], "back")) })),
    nodes: world.nodes.map((n, i) => {
      const seat = f.groups[n.region]!.seats[world.nodesOf[n.region]!.indexOf(i)]!;
      const p = at[n.region]!;
      return { at: { x: p.x + seat.x, y: p.y + seat.y }, r: f.groups[n.region]!.r + 3, name: nodeName(shown.lane, n.name, heldBy(heldOf(held, i))) };
    }),
    ties: ties(store.groups.peek()).filter((t) => !t.includes(region)).map(between),
    join: join >= 0 ? between([region, join]) : null,
    stroke: stroke?.points ?? null,
    slashes: stroke ? slashes(stroke.points, cables, stroke.leaning) : [],
    width: f.width,
  });
}

// fly paints the messages; it reports whether there were any.
function fly(world: World): boolean {
  const sky = skyOf(world);
  let any = false;
  stages.forEach((stage, i) => {
    if (stage && stage.width > 0) any = sweep(stage, store.flights[i] ?? new Map(), { ...sky, marked: markedIn(i, world) }) || any;
  });
  return any;
}

// skyOf is what all lanes' messages have in common.
function skyOf(world: World): Sky {
  return {
    now: store.playback.now,
    fade: store.fade(),
    stub: STUB,
    way: lay(world).way,
    looks: world.kinds.map(lookOf),
    size: world.nodes.length > MANY_NODES ? 0.75 : 1,
    marked: null,
    beats: store.beats.peek(),
    calm: calm.matches,
  };
}

// foundAt says which node and which message of a lane lie at a point of its stage.
function foundAt(lane: number, p: Point): Found {
  const world = store.world.peek();
  const f = layout;
  if (!world || !f) return { node: -1, message: 0 };
  const sky = skyOf(world);
  let [message, least] = [0, NEAR];
  for (const [id, flight] of store.flights[lane] ?? []) {
    const spot = spotOf(flight, sky);
    const off = spot ? distance(p, spot.p) : Infinity;
    if (off < least) [message, least] = [id, off];
  }
  return { node: nodeAt(world, f, motion.at, p), message };
}

function sweep(stage: Stage, air: Map<number, Flight>, sky: Sky): boolean {
  const f = layout!;
  const scale = Math.min(devicePixelRatio || 1, 3);
  const [w, h] = [Math.round(f.width * scale), Math.round(f.height * scale)];
  if (stage.canvas.width !== w || stage.canvas.height !== h) [stage.canvas.width, stage.canvas.height] = [w, h];
  if (air.size === 0 && !stage.dirty) return false;
  stage.pen.setTransform(scale, 0, 0, scale, 0, 0);
  stage.pen.clearRect(0, 0, f.width, f.height);
  stage.dirty = draw(stage.pen, air, sky, colours);
  return stage.dirty;
}

// A Picture is what a lane's stage shows at this instant: its element, and how to paint its messages elsewhere.
export interface Picture {
  host: HTMLElement;
  width: number;
  height: number;
  messages(pen: CanvasRenderingContext2D, inside: Element): void; // in the colours that hold inside an element
}

// pictureOf returns nothing of a lane that is not shown.
export function pictureOf(lane: number): Picture | null {
  const [stage, world, f] = [stages[lane], store.world.peek(), layout];
  if (!stage || !world || !f || stage.host.clientWidth === 0) return null;
  const messages = (pen: CanvasRenderingContext2D, inside: Element) =>
    void draw(pen, store.flights[lane] ?? new Map(), { ...skyOf(world), marked: markedIn(lane, world) }, coloursIn(inside));
  return { host: stage.host, width: f.width, height: f.height, messages };
}

// readStyle takes fonts and colours from the style sheet anew.
export function readStyle(): void {
  readFonts();
  colours = coloursIn(document.body);
  painted = -1;
  schedule();
}

store.onWake(schedule);
calm.addEventListener("change", schedule);
