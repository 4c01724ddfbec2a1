// What faults do to a cable, as the stage draws it. Pure.
import type { CableLinks, LinkView } from "./wire";

// A Fault is the state of a cable in one lane.
export interface Fault {
  torn: boolean; // nothing gets through, either way
  look: "" | "held" | "late" | "lossy" | "partly"; // the worst of the rest, by which its line is drawn
  stops: { there: "" | "cut" | "held"; back: "" | "cut" | "held" }; // what a direction does to all that is sent
  more: number; // the longest delay, in microseconds
  drop: number; // the highest chances, in millionths
  duplicate: number;
  reorder: number;
}

const sound: Fault = { torn: false, look: "", stops: { there: "", back: "" }, more: 0, drop: 0, duplicate: 0, reorder: 0 };

const stopped = (l: LinkView) => (l.parted || l.cut) ?? false;

function stopOf(l: LinkView): "" | "cut" | "held" {
  if (l.some) return "";
  return stopped(l) ? "cut" : l.held ? "held" : "";
}

// faultOf sums up a cable's links; cut is what counts where they are not known.
export function faultOf(links: CableLinks | undefined, cut: boolean): Fault {
  if (!links) return { ...sound, torn: cut };
  const both = [links.there, links.back];
  const most = (of: (l: LinkView) => number | undefined) => Math.max(...both.map((l) => of(l) ?? 0));
  const stops = { there: stopOf(links.there), back: stopOf(links.back) };
  const f: Fault = { ...sound, stops, torn: stops.there === "cut" && stops.back === "cut", more: most((l) => l.more), drop: most((l) => l.drop), duplicate: most((l) => l.duplicate), reorder: most((l) => l.reorder) };
  return { ...f, look: lookOf(f, both) };
}

function lookOf(f: Fault, both: readonly LinkView[]): Fault["look"] {
  if (both.some((l) => l.some && stopped(l))) return "partly";
  if (both.some((l) => l.held)) return "held";
  if (f.drop > 0 || f.duplicate > 0 || f.reorder > 0) return "lossy";
  return f.more > 0 ? "late" : "";
}

// tornOf says of each cable of a lane whether nothing gets through it.
export function tornOf(lane: { cut: readonly boolean[]; links: readonly CableLinks[] }, cables: number): boolean[] {
  return Array.from({ length: cables }, (_, i) => faultOf(lane.links[i], lane.cut[i] ?? false).torn);
}
