// The ends of the logs of a lane's replicas as strips of cells under their regions, aligned by index. Pure.
import type { LogView } from "./wire";

// A Cell is one place of a log: committed, on the node's log only, not there, or too old to be shown.
export interface Cell {
  x: number; // from the region's centre
  y: number;
  w: number;
  h: number;
  look: "committed" | "open" | "missing" | "old";
  ink: number; // colour of the value that it sets; -1 for none of those on display
  plain: boolean; // it sets no value of the main key
}

export const CELLS = 8;
const WIDTH = 8;
const SPACE = 1.8;
const TALL = 8; // of the cells of one replica
const FLAT = 5; // where several stand below each other
const TOP = 4; // below the region's name
const SETS = 0; // kind of an entry that sets the main key

// MOST_ROWS is how many replicas of a region have strips; of more their label tells.
export const MOST_ROWS = 3;

// stripHeight is the room of the strips of so many replicas, with what stands above them.
export function stripHeight(rows: number): number {
  if (rows === 0 || rows > MOST_ROWS) return 0;
  return TOP + rows * ((rows === 1 ? TALL : FLAT) + SPACE);
}

// lastOf is the last index of all the logs of a lane.
export function lastOf(logs: readonly LogView[]): number {
  return Math.max(0, ...logs.map((l) => l.entries?.at(-1)?.[0] ?? 0));
}

// cellsOf lays the strips of some replicas, one below the other, from a height on.
export function cellsOf(logs: readonly LogView[], last: number, top: number, inkOf: (value: number) => number): Cell[] {
  const h = logs.length === 1 ? TALL : FLAT;
  const left = -(CELLS * (WIDTH + SPACE) - SPACE) / 2;
  return logs.flatMap((log, row) =>
    Array.from({ length: CELLS }, (_, i) => {
      const place = { x: left + i * (WIDTH + SPACE), y: top + TOP + row * (h + SPACE), w: WIDTH, h };
      return { ...place, ...lookOf(log, last - CELLS + 1 + i, inkOf) };
    }),
  );
}

function lookOf(log: LogView, index: number, inkOf: (value: number) => number): Pick<Cell, "look" | "ink" | "plain"> {
  const entry = log.entries?.find((e) => e[0] === index);
  if (!entry) {
    const before = index > 0 && index < (log.entries?.[0]?.[0] ?? 0);
    return { look: before || (index > 0 && index <= log.commit) ? "old" : "missing", ink: -1, plain: true };
  }
  const plain = entry[4] !== SETS;
  return { look: index <= log.commit ? "committed" : "open", ink: plain ? -1 : inkOf(entry[3]), plain };
}

// fresh lists the values of the last entries, which are to have colours before any replica holds them.
export function fresh(logs: readonly LogView[]): number[] {
  return logs.flatMap((l) => (l.entries ?? []).filter((e) => e[0] > l.commit && e[4] === SETS).map((e) => e[3]));
}
