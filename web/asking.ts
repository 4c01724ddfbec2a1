// Questions that the server answers by messages of their own, and who waits for what. Nothing here draws.
import type { Forked, Inspection, JobResult, Reject, Script, Series, State, Timeline } from "./wire";

// An Answer is what came: what was asked for, why not, or null where the connection ended before.
export type Answer = Script | Series | Timeline | Inspection | JobResult | Forked | State | Reject | null;

const waiting = new Map<number, (a: Answer) => void>();
const scripts = new Map<number, number>(); // sent, and the run that they were to take the place of

// answerTo waits for the answer to a message; 0 is one that could not be sent.
export function answerTo(seq: number): Promise<Answer> {
  return new Promise((resolve) => (seq === 0 ? resolve(null) : waiting.set(seq, resolve)));
}

// runAfter waits for the run that a script begins.
export function runAfter(seq: number, run: number): Promise<Answer> {
  if (seq !== 0) scripts.set(seq, run);
  return answerTo(seq);
}

// settle gives an answer to who waits for it, and says whether somebody does.
export function settle(of: number, a: Answer): boolean {
  const resolve = waiting.get(of);
  waiting.delete(of);
  scripts.delete(of);
  resolve?.(a);
  return resolve !== undefined;
}

// begun tells those who sent a script that another run is under way.
export function begun(s: State): void {
  for (const [seq, run] of [...scripts]) if (s.run > run) settle(seq, s);
}

// unanswered ends all waiting: the connection is gone.
export function unanswered(): void {
  for (const seq of [...waiting.keys()]) settle(seq, null);
}
