// Violations in words: a third file of words, for why a lane's verdict is what it is. The two sentences and the clauses
// of a chain are the referee's; everything around them is here.
import type { Kind } from "./causes";
import type { CauseView, ModelVerdict, OpView, Scores, StepView } from "./wire";
import { amount, laneName, money, plural, seconds, unit } from "./words";

export const why = {
  title: (lane: string, n: number) => (n > 0 ? `${laneName(lane)}: what went wrong` : `${laneName(lane)}: what was checked`),
  close: "Close",
  list: "Violations",
  checked: "What was checked",
  chain: "How it came about",
  hint: "Each step jumps to its moment.",
  moment: (at: number) => `Paused at ${exact(at)}.`,
  past: (at: number) => `You are looking at ${exact(at)}.`,
  live: "Back to live",
  inspect: "Look into it",
  inspectOf: (step: string) => `Look into it: ${step}`,
  uneven: "a quiet stretch, drawn shorter",
  fine: "No violation so far.",
  fineText: (s: Scores) => `The referee has looked at ${plural(s.operations, "completed operation", "completed operations")}. It looks again after each.`,
  models: "Models of consistency",
} as const;

// exact writes an instant to the millisecond it is in, as the referee's sentences do.
export const exact = (us: number): string => seconds(Math.floor(us / 1000) * 1000, 3);

// briefly names a violation in a list: what it is, and whose.
const briefly: Record<Kind, (who: string, what: string) => string> = {
  linearizable: (who) => `out of order in ${who}`,
  sequential: (who) => `no single order: ${who}`,
  causal: (who) => `effect before cause in ${who}`,
  "read-your-writes": (who) => `own write missing in ${who}`,
  "monotonic-reads": (who) => `reads went back in ${who}`,
  "monotonic-writes": (who) => `writes out of order from ${who}`,
  "writes-follow-reads": (who) => `write before its cause: ${who}`,
  "lost-write": (who, what) => `lost: ${what}, ${who}`,
  "lost-update": (who, what) => `lost update: ${what}, ${who}`,
  "stale-read": (who) => `stale read in ${who}`,
};

export function brief(c: Pick<CauseView, "kind" | "op" | "ops">, who: (client: number) => string): string {
  const op = (c.ops ?? []).find((o) => o.id === c.op);
  return briefly[c.kind](op ? who(op.client) : "this lane", op ? opLabel(op) : "write");
}

// held writes what an operation wrote or found.
function held(n: number): string {
  return unit === "items" || unit === "likes" || unit === "posts" ? amount(n) : money(n);
}

// opLabel says what an operation was and, of a read, what it found.
export function opLabel(o: OpView): string {
  const what = opText(o);
  if (o.outcome === "fail") return `${what}: refused`;
  if (o.outcome === "info") return `${what}: no answer`;
  return o.outcome === "ok" && o.kind === "compare-and-set" && !o.applied ? `${what}: no change` : what;
}

function opText(o: OpView): string {
  switch (o.kind) {
    case "read":
      return o.outcome !== "ok" ? "read" : o.absent ? "read: no value" : `read ${held(o.found)}`;
    case "write":
      return `write ${held(o.value)}`;
    case "compare-and-set":
      return `change to ${held(o.value)}`;
    case "delete":
      return "delete";
    case "increment":
      return `add ${held(o.value)}`;
    case "add":
      return `add item ${o.value}`;
    case "remove":
      return `remove item ${o.value}`;
  }
}

// holds says what a replica came to hold, in a diagram.
export const holds = (o: OpView | undefined, fate: string): string => (fate === "held" ? (o ? held(o.value) : "") : fate);

const stepKinds: Record<StepView["kind"], string> = { operation: "Operation", state: "State", message: "Message", fault: "Fault" };
export const stepKind = (s: StepView): string => stepKinds[s.kind];

export const fates: Record<string, string> = { lost: "lost", late: "late", overtaken: "overtaken", waiting: "still on its way" };

// diagramLabel is the diagram in a sentence; the list below it says the same step by step.
export function diagramLabel(c: CauseView): string {
  const messages = (c.steps ?? []).filter((s) => s.kind === "message");
  const lost = messages.filter((s) => s.fate === "lost").length;
  const parts = [plural((c.ops ?? []).length, "operation", "operations")];
  if (messages.length > 0) parts.push(plural(messages.length, "message", "messages") + (lost > 0 ? `, ${lost} of them lost` : ""));
  if (c.fault) parts.push(`a ${c.fault.verb} at ${exact(c.fault.at)}`);
  return `Time diagram: ${parts.join("; ")}. The list of steps says the same.`;
}

export const lostMark = "lost for good";

// The models of consistency, each in one sentence.
const models: Record<ModelVerdict["model"], [string, string]> = {
  linearizable: ["linearizable", "One order of the operations on each key explains every answer, and respects time."],
  sequential: ["sequential", "One order of all operations explains every answer, and keeps each client’s own."],
  causal: ["causal", "Nobody sees an effect without its cause."],
  "read-your-writes": ["read your writes", "Who has written something finds it, or something newer."],
  "monotonic-reads": ["monotonic reads", "Who has seen something never sees anything older."],
  "monotonic-writes": ["monotonic writes", "The writes of one client take effect in its order, everywhere."],
  "writes-follow-reads": ["writes follow reads", "A write comes after what its client had seen, everywhere."],
};

export const modelName = (m: ModelVerdict): string => models[m.model][0];
export const modelText = (m: ModelVerdict): string => models[m.model][1];

// answerOf puts a model's verdict into words.
export function answerOf(m: ModelVerdict, operations: number): string {
  if (m.answer === "no") return m.violation_at > 0 ? `no, since operation ${m.violation_at}` : "no";
  if (m.answer === "unknown") return "not known";
  if (operations === 0) return "nothing to check yet";
  return m.behind > 0 ? `yes, for the first ${operations - m.behind} of ${operations}` : "yes";
}
