// The part of the store that is about another run, with which this one is compared. Others come by it through store.ts.
import { signal } from "@preact/signals";
import { touch } from "./store_paint";

// A Contrast is in what the lane shown differs from the same lane of the other run.
export interface Contrast {
  nodes: ReadonlySet<string>;
  scores: ReadonlySet<string>; // by the names that people see
  messages: ReadonlySet<number>;
}

export const contrast = signal<Contrast | null>(null); // null where the run is shown for itself

export function setContrast(c: Contrast): void {
  contrast.value = c;
  touch();
}

// known is the time of which all messages are known: those sent in it, and those on their way when it begins.
// Of what was sent in its holes, not all is known.
export const known = signal({ of: "", since: 0, until: 0, holes: [] as [number, number][] });

const HOLE = 1_000_000; // microseconds that may be skipped; what is farther begins anew
const HOLES = 20;

// knowAt notes that a run is shown at a moment, with what is on its way then; it may have been known before.
export function knowAt(of: string, at: number): void {
  const k = known.peek();
  if (k.of !== of || at < k.since || at > k.until + HOLE || k.holes.length > HOLES) known.value = { of, since: at, until: at, holes: [] };
  else if (at > k.until) known.value = { ...k, until: at, holes: [...k.holes, [k.until, at]] };
}

// knowUntil notes that all has been told up to a moment.
export function knowUntil(at: number): void {
  const k = known.peek();
  if (at > k.until) known.value = { ...k, until: at };
}
