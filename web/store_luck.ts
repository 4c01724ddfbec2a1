// The part of the store that is about what the server counts for the visitor over many runs: what is under way, and what
// came of the latest of each kind. Others come by it through store.ts.
import { batch, signal } from "@preact/signals";
import type { JobProgress, JobResult } from "./wire";

export type JobKind = Exclude<JobProgress["job"], "matrix">; // that is another page's: which_app.tsx

// A Question is what is to be counted.
export interface Question {
  kind: JobKind;
  lane: string; // turning, find
  what: string; // turning, find: the promise
  seeds: number; // luck, find
}

// A Job is one that is under way.
export interface Job extends Question {
  of: number; // the message that asked for it
  before: number; // its place in the queue; 0 once it is under way
  done: number;
  total: number; // 0 while nothing is known
  left: number; // milliseconds
  cancelled: boolean; // the visitor does not want it any more
}

// An Outcome is what came of one: a result, or why there is none. "" is for a connection that ended before.
export interface Outcome extends Question {
  room: string;
  text: string; // of the run that it is about, as it was then; "" where it did not come
  result: JobResult | null;
  refused: string;
}

export const job = signal<Job | null>(null);
export const outcomes = signal<Partial<Record<JobKind, Outcome>>>({});

export function counting(q: Question, of: number): void {
  batch(() => {
    job.value = { ...q, of, before: 0, done: 0, total: 0, left: 0, cancelled: false };
    outcomes.value = { ...outcomes.peek(), [q.kind]: undefined };
  });
}

export function counted(o: Outcome): void {
  batch(() => {
    job.value = null;
    outcomes.value = { ...outcomes.peek(), [o.kind]: o };
  });
}

// progressed tells how far a job is. Of one that waits, nothing but its place is known.
export function progressed(p: JobProgress): void {
  const j = job.peek();
  if (j?.of === p.of) job.value = { ...j, before: p.before, done: p.done, total: p.total, left: p.left_ms };
}

export function unwanted(): void {
  const j = job.peek();
  if (j) job.value = { ...j, cancelled: true };
}
