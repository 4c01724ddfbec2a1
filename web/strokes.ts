// What a stroke over the stage cuts. Across a cable it cuts both ways; along a cable, that way alone. Pure.
import { at, distance, type Point } from "./curve";
import { seen, type Wire } from "./wires";

// A Way says which direction of a cable is lost: from its first region to its second, back, or both.
export type Way = "both" | "there" | "back";

export interface Slash {
  cable: number;
  way: Way;
  at: Point; // where the stroke meets the cable
  turn: number; // of the arrow, in degrees: from the first region to the second
}

const SAMPLES = 40; // of a cable
const STEP = 4; // pixels between two points of a stroke
const CLOSE = 13; // pixels from a cable to what runs along it
const LONG = 44; // pixels that a stroke runs along a cable to count
const ALONG = 0.8; // cosine of the angle to a cable below which a stroke runs along it

interface Bit {
  from: Point;
  to: Point;
}

// slashes returns what a stroke cuts. leaning makes it cut one way everywhere: the way in which it leans.
export function slashes(stroke: readonly Point[], wires: readonly Wire[], leaning: boolean): Slash[] {
  const path = resampled(stroke);
  const list: Slash[] = [];
  wires.forEach((wire, cable) => {
    const slash = slashOf(bits(path), bits(cableOf(wire)), leaning);
    if (slash) list.push({ cable, ...slash });
  });
  return list;
}

function cableOf(wire: Wire): Point[] {
  return Array.from({ length: SAMPLES + 1 }, (_, i) => at(wire.curve, seen(wire, i / SAMPLES)));
}

// resampled puts points at even distances onto a stroke.
function resampled(stroke: readonly Point[]): Point[] {
  const list = stroke.slice(0, 1);
  for (const p of stroke) {
    let last = list[list.length - 1]!;
    for (let far = distance(last, p); far >= STEP; far = distance(last, p)) {
      const f = STEP / far;
      last = { x: last.x + (p.x - last.x) * f, y: last.y + (p.y - last.y) * f };
      list.push(last);
    }
  }
  return list;
}

function bits(path: readonly Point[]): Bit[] {
  return path.slice(1).map((to, i) => ({ from: path[i]!, to }));
}

function slashOf(stroke: Bit[], cable: Bit[], leaning: boolean): Omit<Slash, "cable"> | null {
  let run = 0; // pixels along the cable, less those against it
  let beside: Point | null = null;
  let met: { at: Point; turn: number; lean: number } | null = null;
  for (const s of stroke) {
    const c = nearest(cable, s.to);
    const lean = cosine(s, c);
    if (distance(s.to, c.to) < CLOSE && Math.abs(lean) > ALONG) {
      run += Math.sign(lean) * distance(s.from, s.to);
      beside = c.to;
    }
    const hit: Bit | undefined = met ? undefined : cable.find((b) => crosses(s, b));
    if (hit) met = { at: hit.to, turn: turnOf(hit), lean };
  }
  if (Math.abs(run) >= LONG && beside) return { way: run > 0 ? "there" : "back", at: beside, turn: turnOf(nearest(cable, beside)) };
  if (!met) return null;
  return { way: !leaning ? "both" : met.lean >= 0 ? "there" : "back", at: met.at, turn: met.turn };
}

function nearest(cable: Bit[], p: Point): Bit {
  return cable.reduce((best, b) => (distance(b.to, p) < distance(best.to, p) ? b : best));
}

function turnOf(b: Bit): number {
  return (Math.atan2(b.to.y - b.from.y, b.to.x - b.from.x) * 180) / Math.PI;
}

function cosine(a: Bit, b: Bit): number {
  const [ax, ay, bx, by] = [a.to.x - a.from.x, a.to.y - a.from.y, b.to.x - b.from.x, b.to.y - b.from.y];
  return (ax * bx + ay * by) / (Math.hypot(ax, ay) * Math.hypot(bx, by) || 1);
}

function crosses(a: Bit, b: Bit): boolean {
  const side = (p: Bit, q: Point) => Math.sign((p.to.x - p.from.x) * (q.y - p.from.y) - (p.to.y - p.from.y) * (q.x - p.from.x));
  return side(a, b.from) !== side(a, b.to) && side(b, a.from) !== side(b, a.to);
}
