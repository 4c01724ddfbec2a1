// Draws a lane's messages onto its canvas, between the two SVG layers: each runs along its cable by its own times.
// A lost one ends in a small cross. Where motion is unwelcome, cables pulse instead.
import type { Point } from "./curve";
import type { Flight } from "./flights";
import { along, seen, type Way } from "./wires";

// A Look is how a kind of message is drawn: by colour and by shape.
export type Look = "data" | "answer" | "vote" | "beat";

const looks: Record<string, Look> = {
  request: "data",
  replicate: "data",
  gossip: "data",
  repair: "data",
  reply: "answer",
  ack: "answer",
  vote: "vote",
  heartbeat: "beat",
};

export function lookOf(kind: string): Look {
  return looks[kind] ?? "data";
}

// Sky is what a canvas shows at an instant.
export interface Sky {
  now: number;
  fade: number; // how long the cross of a lost message stays, in virtual time
  stub: number; // share of a torn cable that is left at each end
  way(from: number, to: number): Way | null; // between two nodes
  looks: readonly Look[]; // by index of kind
  size: number; // of a message's dot; smaller among many
  marked: ReadonlySet<number> | null; // messages of the violation that is explained; the rest is dim
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

// draw paints all messages; it reports whether there was anything.
export function draw(g: CanvasRenderingContext2D, air: Iterable<[number, Flight]>, sky: Sky, colours: Colours): boolean {
  let any = false;
  for (const [id, f] of air) {
    const spot = spotOf(f, sky);
    if (!spot) continue;
    any = true;
    const look = sky.looks[f.kind] ?? "data";
    const marked = sky.marked?.has(id) ?? false;
    const dim = sky.marked && !marked ? DIM : 1;
    if (spot.lost) cross(g, spot, colours.lost, dim);
    else if (sky.calm) pulse(g, f, sky, colours[look], dim);
    else dot(g, spot.p, look, marked ? sky.size * MARKED : sky.size, colours[look], dim);
    if (marked && !spot.lost) ring(g, spot.p, colours[look]);
  }
  g.globalAlpha = 1;
  return any;
}

function dot(g: CanvasRenderingContext2D, p: Point, look: Look, size: number, colour: string, dim: number): void {
  g.fillStyle = colour;
  g.globalAlpha = (look === "beat" ? 0.75 : 1) * dim;
  g.beginPath();
  switch (look) {
    case "data":
      g.arc(p.x, p.y, 4.5 * size, 0, 7);
      break;
    case "answer":
      g.rect(p.x - 3.5 * size, p.y - 3.5 * size, 7 * size, 7 * size);
      break;
    case "vote":
      g.moveTo(p.x, p.y - 6 * size);
      g.lineTo(p.x + 5 * size, p.y);
      g.lineTo(p.x, p.y + 6 * size);
      g.lineTo(p.x - 5 * size, p.y);
      break;
    case "beat":
      g.arc(p.x, p.y, 2.2 * size, 0, 7);
  }
  g.fill();
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

function cross(g: CanvasRenderingContext2D, spot: Spot, colour: string, dim: number): void {
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
