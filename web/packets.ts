// Draws a lane's messages onto its canvas, between the two SVG layers: each runs along its cable by its own times.
// A lost one ends in a small cross. Where motion is unwelcome, cables pulse instead.
import { at, cutAt, reversed, type Curve, type Point } from "./curve";
import type { Flight } from "./store";

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
  curves: readonly Curve[];
  route: ReadonlyMap<number, { cable: number; back: boolean }>; // by from * 100 + to
  looks: readonly Look[]; // by index of kind
  calm: boolean; // pulse instead of flying
}

export type Colours = Record<Look | "lost", string>;

export function routeKey(from: number, to: number): number {
  return from * 100 + to;
}

// Spot is where a message is drawn: flying, or lost with so much of its mark left.
export interface Spot {
  p: Point;
  left: number; // 1 while it flies; else what is left of its cross
  lost: boolean;
}

// spotOf places a message, or returns null while there is nothing to see of it.
export function spotOf(f: Flight, sky: Sky): Spot | null {
  const way = sky.route.get(routeKey(f.from, f.to));
  const laid = way && sky.curves[way.cable];
  if (!laid || sky.now < f.sent || f.due <= f.sent) return null;
  const curve = way.back ? reversed(laid) : laid;
  const share = (sky.now - f.sent) / (f.due - f.sent);
  if (f.lost < 0) return share > 1 ? null : { p: at(curve, share), left: 1, lost: false };
  // A message sent into a cut cable gets as far as the tear; one that was crossing dies where it was.
  const end = f.lost <= f.sent ? sky.stub : (f.lost - f.sent) / (f.due - f.sent);
  if (share < end) return { p: at(curve, share), left: 1, lost: false };
  const gone = sky.now - (f.sent + end * (f.due - f.sent));
  return gone > sky.fade ? null : { p: at(curve, end), left: 1 - gone / sky.fade, lost: true };
}

// draw paints all messages; it reports whether there was anything.
export function draw(g: CanvasRenderingContext2D, air: Iterable<Flight>, sky: Sky, colours: Colours): boolean {
  let any = false;
  for (const f of air) {
    const spot = spotOf(f, sky);
    if (!spot) continue;
    any = true;
    const look = sky.looks[f.kind] ?? "data";
    if (spot.lost) cross(g, spot, colours.lost);
    else if (sky.calm) pulse(g, f, sky, colours[look]);
    else dot(g, spot.p, look, colours[look]);
  }
  g.globalAlpha = 1;
  return any;
}

function dot(g: CanvasRenderingContext2D, p: Point, look: Look, colour: string): void {
  g.fillStyle = colour;
  g.globalAlpha = look === "beat" ? 0.75 : 1;
  g.beginPath();
  switch (look) {
    case "data":
      g.arc(p.x, p.y, 4.5, 0, 7);
      break;
    case "answer":
      g.rect(p.x - 3.5, p.y - 3.5, 7, 7);
      break;
    case "vote":
      g.moveTo(p.x, p.y - 6);
      g.lineTo(p.x + 5, p.y);
      g.lineTo(p.x, p.y + 6);
      g.lineTo(p.x - 5, p.y);
      break;
    case "beat":
      g.arc(p.x, p.y, 2.2, 0, 7);
  }
  g.fill();
}

function cross(g: CanvasRenderingContext2D, spot: Spot, colour: string): void {
  const { x, y } = spot.p;
  g.strokeStyle = colour;
  g.lineWidth = 2;
  g.globalAlpha = spot.left;
  g.beginPath();
  g.moveTo(x - 3.5, y - 3.5);
  g.lineTo(x + 3.5, y + 3.5);
  g.moveTo(x + 3.5, y - 3.5);
  g.lineTo(x - 3.5, y + 3.5);
  g.stroke();
}

// pulse lights the cable, or its stub, while a message is on it.
function pulse(g: CanvasRenderingContext2D, f: Flight, sky: Sky, colour: string): void {
  const way = sky.route.get(routeKey(f.from, f.to))!;
  const laid = sky.curves[way.cable]!;
  const whole = way.back ? reversed(laid) : laid;
  const c = f.lost >= 0 ? cutAt(whole, sky.stub) : whole;
  const share = (sky.now - f.sent) / (f.due - f.sent);
  g.strokeStyle = colour;
  g.lineWidth = 3;
  g.globalAlpha = 0.6 * Math.sin(Math.PI * Math.min(share, 1));
  g.beginPath();
  g.moveTo(c.from.x, c.from.y);
  g.quadraticCurveTo(c.bend.x, c.bend.y, c.to.x, c.to.y);
  g.stroke();
}
