// What is drawn beside each node of a lane, and changes more often than anything else: timers, logs, tallies. Pure.
import type { LaneDelta, LaneState, LogPatch, LogView, Strips, TallyView, TimerView } from "./wire";

// A Beside is all of it for one lane.
export interface Beside {
  timers: readonly (readonly TimerView[])[]; // of each node
  logs: readonly LogView[]; // of each node; empty where there are none
  tallies: readonly (readonly TallyView[])[]; // of each node: operations under way, oldest first
}

export function besideOf(l: Pick<LaneState, keyof Strips>): Beside {
  return {
    timers: (l.timers ?? []).map((list) => list ?? []),
    logs: (l.logs ?? []).map((log) => ({ ...log, entries: log.entries ?? [] })),
    tallies: (l.tallies ?? []).map((list) => list ?? []),
  };
}

// moved returns it after a change, or the same if there is none.
export function moved(b: Beside, d: Pick<LaneDelta, keyof Strips>): Beside {
  if (!d.timers && !d.logs && !d.tallies) return b;
  return {
    timers: amend(b.timers, d.timers, (_, list) => list ?? []),
    logs: amend(b.logs, d.logs, patch),
    tallies: amend(b.tallies, d.tallies, (_, list) => list ?? []),
  };
}

function amend<T, C>(list: readonly T[], changes: Record<number, C> | undefined, by: (old: T, change: C) => T): readonly T[] {
  return changes ? list.map((old, i) => (i in changes ? by(old, changes[i]!) : old)) : list;
}

function patch(log: LogView, p: LogPatch): LogView {
  const dropped = p.dropped ?? 0;
  return { durable: p.durable, commit: p.commit, entries: [...(log.entries ?? []).slice(dropped, dropped + p.kept), ...(p.entries ?? [])] };
}
