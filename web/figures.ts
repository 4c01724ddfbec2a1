// The figures below a stage, in words and in order. Pure.
import * as words from "./panel_words";
import type { Scores } from "./wire";

export interface FigureOf {
  name: string;
  of: string; // the definition that it follows
  value: string;
  tone?: string;
  books?: boolean; // it is in the second row
}

// figuresOf lists them; unit is the workload's.
export function figuresOf(scores: Scores, unit: string): FigureOf[] {
  const n = words.scoreNames;
  const first: FigureOf[] = [
    { name: n.answered, of: "answered", value: words.percent(scores) },
    { name: n.stale, of: "stale read", value: String(scores.stale_reads), tone: scores.stale_reads > 0 ? "warn" : "" },
    { name: n.lost, of: "lost write", value: String(scores.lost_writes), tone: scores.lost_writes > 0 ? "bad" : "" },
    { name: n.p99, of: "p99", value: scores.operations > 0 ? words.latency(scores.p99) : words.nothing },
  ];
  if (unit === "") return first;
  return [
    ...first,
    { name: n.expected, of: "books", value: words.expectedOf(scores), books: true },
    { name: n.held, of: "books", value: words.heldOf(scores), books: true },
    { name: n.damage, of: "damage", value: words.damageOf(scores), tone: scores.books.damage !== 0 ? "bad" : "", books: true },
  ];
}
