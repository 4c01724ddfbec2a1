// Draws a lane's messages onto its canvas, between the two SVG layers: each runs along its cable by its own times.
// A lost one falls where it died and fades. Where motion is unwelcome, cables pulse instead, and a cross stays behind.
import type { Point } from "./curve";
import type { Flight } from "./flights";
import { finish, LOOKS, traces, type Look } from "./looks";
import { along, seen, type Way } from "./wires";

// Sky is what a canvas shows at an instant.
export interface Sky {
  now: number;
  fade: number; // how long the cross of a lost message stays, in virtual time
  stub: number; // share of a torn cable that is left at each end
  way(from: number, to: number): Way | null; // between two nodes
  looks: readonly Look[]; // by index of kind
  size: number; // of a message's dot; smaller among many
  marked: ReadonlySet<number> | null; // messages of the violation that is explained; the rest is dim
  beats: boolean; // heartbeats are shown
  calm: boolean; // pulse instead of flying
}

export type Colours = Record<Look | "lost", string>;

// Spot is where a message is drawn: flying, or lost with so much of its mark left.
export interface Spot {
  p: Point;
  left: number; // 1 while it flies; else what is left of its cross
  lost: boolean;
}

const DIM = 0.3; // of what does not belong to the violation that is explained
const MARKED = 1.4; // the size of what does
const DEPTH = 24; // pixels that a lost message falls
const RING = 10; // radius around it

// spotOf places a message, or returns null while there is nothing to see of it.
export function spotOf(f: Flight, sky: Sky): Spot | null {
  const way = sky.way(f.from, f.to);
  if (!way || sky.now < f.sent || f.due <= f.sent) return null;
  const share = (sky.now - f.sent) / (f.due - f.sent);
  if (f.lost < 0) return share > 1 ? null : { p: along(way, share), left: 1, lost: false };
  // A message sent into a cut cable gets as far as the tear; one that was crossing dies where it was.
  const end = f.lost <= f.sent ? seen(way.wire, sky.stub) : (f.lost - f.sent) / (f.due - f.sent);
  if (share < end) return { p: along(way, share), left: 1, lost: false };
  const gone = sky.now - (f.sent + end * (f.due - f.sent));
  return gone > sky.fade ? null : { p: along(way, end), left: 1 - gone / sky.fade, lost: true };
}

// A Heap is the places of messages that look the same, x and y in turn: they are painted at once, as one path.
type Heap = number[];
const heap = (): Heap[] => LOOKS.map(() => []);
const plain = heap();
const bright = heap();

// draw paints all messages; it reports whether there was anything.
export function draw(g: CanvasRenderingContext2D, air: Iterable<[number, Flight]>, sky: Sky, colours: Colours): boolean {
  let any = false;
  for (const [id, f] of air) {
    const look = sky.looks[f.kind] ?? "request";
    if (look === "heartbeat" && !sky.beats) continue;
    const spot = spotOf(f, sky);
    if (!spot) continue;
    any = true;
    const marked = sky.marked?.has(id) ?? false;
    const dim = sky.marked && !marked ? DIM : 1;
    if (spot.lost) (sky.calm ? cross : fall)(g, spot, look, sky.size, colours.lost, dim);
    else if (sky.calm) pulse(g, f, sky, colours[look], dim);
    else (marked ? bright : plain)[LOOKS.indexOf(look)]!.push(spot.p.x, spot.p.y);
    if (marked && !spot.lost) ring(g, spot.p, colours[look]);
  }
  unload(g, plain, sky.size, sky.marked ? DIM : 1, colours);
  unload(g, bright, sky.size * MARKED, 1, colours);
  g.globalAlpha = 1;
  return any;
}

// unload paints the heaps and empties them.
function unload(g: CanvasRenderingContext2D, heaps: readonly Heap[], size: number, alpha: number, colours: Colours): void {
  g.globalAlpha = alpha;
  heaps.forEach((list, i) => {
    if (list.length === 0) return;
    const look = LOOKS[i]!;
    g.beginPath();
    for (let n = 0; n < list.length; n += 2) traces[look](g, list[n]!, list[n + 1]!, size);
    finish(g, look, size, colours[look]);
    list.length = 0;
  });
}

// fall drops a lost message from where it died, in its own shape.
function fall(g: CanvasRenderingContext2D, spot: Spot, look: Look, size: number, colour: string, dim: number): void {
  const gone = 1 - spot.left;
  g.globalAlpha = (1 - gone * gone) * dim;
  g.beginPath();
  traces[look](g, spot.p.x, spot.p.y + DEPTH * gone * gone, size);
  finish(g, look, size, colour);
}

// ring goes around a message of the violation that is explained.
function ring(g: CanvasRenderingContext2D, p: Point, colour: string): void {
  g.strokeStyle = colour;
  g.lineWidth = 2;
  g.globalAlpha = 1;
  g.beginPath();
  g.arc(p.x, p.y, RING, 0, 7);
  g.stroke();
}

function cross(g: CanvasRenderingContext2D, spot: Spot, _look: Look, _size: number, colour: string, dim: number): void {
  const { x, y } = spot.p;
  g.strokeStyle = colour;
  g.lineWidth = 2;
  g.globalAlpha = spot.left * dim;
  g.beginPath();
  g.moveTo(x - 3.5, y - 3.5);
  g.lineTo(x + 3.5, y + 3.5);
  g.moveTo(x + 3.5, y - 3.5);
  g.lineTo(x - 3.5, y + 3.5);
  g.stroke();
}

const STEPS = 16; // of the line that shows a way

// pulse lights the cable, or its stub, while a message is on it.
function pulse(g: CanvasRenderingContext2D, f: Flight, sky: Sky, colour: string, dim: number): void {
  const way = sky.way(f.from, f.to)!;
  const end = f.lost >= 0 ? seen(way.wire, sky.stub) : 1;
  const share = (sky.now - f.sent) / (f.due - f.sent);
  g.strokeStyle = colour;
  g.lineWidth = 3;
  g.globalAlpha = 0.6 * Math.sin(Math.PI * Math.min(share, 1)) * dim;
  g.beginPath();
  for (let i = 0; i <= STEPS; i++) {
    const p = along(way, (end * i) / STEPS);
    g.lineTo(p.x, p.y);
  }
  g.stroke();
}
