// Messages on their way, as they are drawn. Pure.
import type { Fate, Packet } from "./wire";

// Flight is a message on its way, or lost a moment ago.
export interface Flight {
  from: number;
  to: number;
  kind: number;
  sent: number;
  due: number;
  lost: number; // -1 while it is not
}

// STUB is the share of a torn cable that is left at each end.
export const STUB = 0.24;

export function flightOf([id, from, to, kind, sent, due, lost]: Packet): [number, Flight] {
  return [id, { from, to, kind, sent, due, lost }];
}

// lose notes that a message was lost.
export function lose(air: Map<number, Flight>, [id, when]: Fate): void {
  const flight = air.get(id);
  if (flight) flight.lost = when;
}

// stubTime is how long a message sent into a cut cable is seen to move.
function stubTime(f: Flight): number {
  return (f.due - f.sent) * 0.5; // at most: a stub is shorter, but may begin under its nodes
}

// sweep forgets the messages of which nothing is left to see; fade is how long the mark of a lost one stays.
export function sweep(air: Map<number, Flight>, now: number, fade: number): void {
  for (const [id, f] of air) {
    if ((f.lost >= 0 ? Math.max(f.lost, Math.min(f.due, f.lost + stubTime(f))) + fade : f.due) < now) air.delete(id);
  }
}
