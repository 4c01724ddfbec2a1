// The violations of a lane and what they involve: which to show first, what each step lights on the stage, and which
// moment shows it. Pure.
import type { CauseView, StepView } from "./wire";

export type Kind = CauseView["kind"];

export const MAX_KNOWN = 64; // causes of a lane that the page keeps

// grave orders the kinds: what a visitor should read first.
const grave: Kind[] = [
  "lost-write",
  "linearizable",
  "lost-update",
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
  "causal",
  "sequential",
  "stale-read",
];

// nameOf tells a violation of a lane from its others.
export function nameOf(c: Pick<CauseView, "kind" | "op">): string {
  return `${c.kind} ${c.op}`;
}

// merged adds causes to those known, in order of time. What is known stays: a run's past does not change.
export function merged(known: readonly CauseView[], more: readonly CauseView[]): CauseView[] {
  const names = new Set(known.map(nameOf));
  const all = [...known, ...more.filter((c) => !names.has(nameOf(c)))];
  return all.sort((a, b) => a.at - b.at).slice(0, MAX_KNOWN);
}

// chosen is the violation of a name, or the first of its kind; without a name the first of the gravest kind.
export function chosen(list: readonly CauseView[], name: string): CauseView | null {
  const kind = name.split(" ")[0];
  const named = list.find((c) => nameOf(c) === name) ?? list.find((c) => c.kind === kind);
  if (named) return named;
  return [...list].sort((a, b) => grave.indexOf(a.kind) - grave.indexOf(b.kind) || a.at - b.at)[0] ?? null;
}

// momentOf is the instant that shows a step best: an operation as it is answered, a message on its way.
export function momentOf(s: StepView): number {
  switch (s.kind) {
    case "operation":
      return s.until;
    case "message":
      return Math.round((s.at + s.until) / 2);
    default:
      return s.at;
  }
}

// LitWay is what a message of a violation ran along, or as far as it came.
export interface LitWay {
  from: number; // nodes
  to: number;
  lost: boolean;
  late: boolean; // or overtaken, or waiting
  took: number; // from its start to its end, in virtual time
  hot: boolean;
}

// Lit is what a violation lights on the stage. What is hot belongs to the step in hand.
export interface Lit {
  nodes: ReadonlySet<number>;
  clients: ReadonlySet<number>; // by index
  hotNodes: ReadonlySet<number>;
  hotClients: ReadonlySet<number>;
  ways: LitWay[];
  messages: ReadonlySet<number>;
}

// litOf gathers what a violation lights; nodes is how many the lane has, hot the step in hand or -1.
export function litOf(c: CauseView, nodes: number, hot: number): Lit {
  const lit = { nodes: new Set<number>(), clients: new Set<number>(), hotNodes: new Set<number>(), hotClients: new Set<number>(), messages: new Set<number>() };
  const ways = new Map<string, LitWay>();
  const end = (at: number, isHot: boolean) => {
    if (at < 0) return;
    const client = at >= nodes;
    (client ? lit.clients : lit.nodes).add(client ? at - nodes : at);
    if (isHot) (client ? lit.hotClients : lit.hotNodes).add(client ? at - nodes : at);
  };
  for (const o of c.ops ?? []) lit.clients.add(o.client);
  (c.steps ?? []).forEach((s, i) => {
    const isHot = i === hot;
    if (s.kind === "operation" && isHot) lit.hotClients.add(clientOf(c, s));
    if (s.kind === "operation" || s.kind === "fault") return;
    end(s.node, isHot);
    end(s.peer, isHot);
    if (s.message > 0) lit.messages.add(s.message);
    if (s.kind === "message" && s.node < nodes && s.peer < nodes && s.peer >= 0) addWay(ways, s, isHot);
  });
  return { ...lit, ways: [...ways.values()] };
}

function clientOf(c: CauseView, s: StepView): number {
  return (c.ops ?? []).find((o) => o.id === s.op)?.client ?? -1;
}

// addWay keeps one way for all messages that went the same way to the same end.
function addWay(ways: Map<string, LitWay>, s: StepView, hot: boolean): void {
  const lost = s.fate === "lost";
  const key = `${s.node} ${s.peer} ${lost}`;
  const before = ways.get(key);
  const late = s.fate === "late" || s.fate === "overtaken" || s.fate === "waiting";
  ways.set(key, { from: s.node, to: s.peer, lost, late: late || (before?.late ?? false), took: Math.max(s.until - s.at, before?.took ?? 0), hot: hot || (before?.hot ?? false) });
}

// Light tells what belongs to the violation that is explained: hot is of the step in hand, "" while none is explained.
export type Light = "" | "dim" | "lit" | "hot";

// lightOf returns the light of nodes or clients that are drawn as one.
export function lightOf(lit: Lit | null | undefined, warm: ReadonlySet<number> | undefined, hot: ReadonlySet<number> | undefined, who: readonly number[]): Light {
  if (!lit) return "";
  if (who.some((i) => hot?.has(i))) return "hot";
  return who.some((i) => warm?.has(i)) ? "lit" : "dim";
}
