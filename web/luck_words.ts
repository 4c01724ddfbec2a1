// What a visitor reads about chance: what runs under other lucks came to, when a violation became likely, and which luck
// breaks a promise.
import type { Promised, Sense } from "./luck";
import type { Job, JobKind } from "./store_luck";
import type { FoundView, JobResult, LuckView, ShareView, SpreadView, TurningView, TurnView } from "./wire";
import { laneName, listed, plural, seconds } from "./words";

export const luck = {
  title: { luck: "Was it chance?", turning: "When was it going to happen?", find: "What would break it?" },
  begin: { luck: "Again with other luck", turning: "Look back", find: "Find a seed that breaks this" },
  againText: "Runs this script as it is now under other seeds, on the server. How often does each promise break?",
  runs: "Runs",
  seeds: "Seeds",
  turningText: "Goes back to moments of this run and lets other luck take over there. From when on does it break all the same?",
  of: "Violation",
  none: "This run has broken nothing yet that could be looked back from.",
  findText: "Tries seed after seed until a promise breaks, and then leaves out of the script whatever is not needed for it.",
  lane: "Lane",
  promise: "Promise",
  cancel: "Cancel",
  cancelled: "Ending …",
  busy: "One thing is counted at a time.",
  progress: "Progress",
  lost: "The connection ended before it was done. Nothing came of it; begin again once the server is back.",
  other: "This is about the run before the present one.",
  table: "How often each promise broke, by lane",
  broke: "Broken in",
  figures: "On average",
  figuresHint: "90 of 100 runs were between the two small figures.",
  never: "never",
  unknown: (n: number) => `${n} not known`,
  hereToo: "broken in this run, too",
  hereKey: "broken in this run, too. Bars: share of runs, with its 95 % interval. A seed opens a run that shows it.",
  seed: (n: number) => `seed ${n}`,
  seedOf: (n: number, lane: string, what: string) => `Open the run with seed ${n} in a new tab: ${laneName(lane)}, ${what}`,
  draftOf: (n: number) => `seed ${n}, from chance`,
  curve: "Probability by moment. Left and right move to another moment, Enter shows it.",
  curveHint: "Click the curve to see its moment.",
  goTo: (at: number) => `Show ${seconds(at)}`,
  script: "The minimal script",
  draft: "Open it in the script",
  open: "Open it in a new tab",
  found: "a minimal script",
} as const;

// names say what is wrong when a promise is broken.
export const names: Record<Promised, string> = {
  "lost-write": "lost write",
  "lost-update": "lost update",
  damage: "damage",
  linearizable: "not linearizable",
  sequential: "not sequential",
  causal: "not causal",
  "read-your-writes": "own write missing",
  "monotonic-reads": "reads went back",
  "monotonic-writes": "writes out of order",
  "writes-follow-reads": "write before its cause",
  "stale-read": "stale read",
  converged: "replicas differ at the end",
  "gilbert-lynch": "request without an answer",
};

export const figureNames = { answered: "answered", stale_percent: "stale reads", p99: "p99", damage: "damage" } as const;

export type Figure = keyof typeof figureNames;

const digits = (n: number, least: boolean): string => String(Number(n.toFixed(least ? 1 : 0)));

export const percent = (n: number): string => `${digits(n, n < 10 || n > 90)} %`;

// interval is a frequency's, in percent.
export const interval = (s: Pick<ShareView, "low" | "high">): string => `${digits(s.low, s.low < 10 || s.low > 90)} to ${percent(s.high)}`;

export function amount(f: Figure, n: number): string {
  if (f === "p99") return n >= 1000 ? `${(n / 1000).toFixed(2)} s` : `${Math.round(n)} ms`;
  return f === "damage" ? digits(n, n < 10) : percent(n);
}

// spread is between which two values 90 of 100 runs were.
export function spread(f: Figure, s: SpreadView): string {
  const [low, high] = [amount(f, s.p5), amount(f, s.p95)];
  const unit = / \S+$/.exec(high)?.[0] ?? "";
  return `${unit && low.endsWith(unit) ? low.slice(0, -unit.length) : low} to ${high}`;
}

const did: Record<Promised, string> = {
  "lost-write": "lost a write",
  "lost-update": "lost an update",
  damage: "ended with damage",
  linearizable: "was not linearizable",
  sequential: "was not sequential",
  causal: "was not causal",
  "read-your-writes": "kept somebody’s own write from them",
  "monotonic-reads": "let somebody’s reads go back in time",
  "monotonic-writes": "applied writes out of order",
  "writes-follow-reads": "applied a write before its cause",
  "stale-read": "answered a read with an old value",
  converged: "left its replicas different",
  "gilbert-lynch": "left a request without an answer",
};

const senses: Record<Sense, string> = {
  expected: "Here, too: that was to be expected.",
  "no bad luck": "Here it did: not bad luck.",
  "some luck": "Here it did: luck had a part in it.",
  "bad luck": "Here it did: bad luck.",
  "good luck": "Here it did not, so far: good luck.",
  "not here": "Here it did not, so far, but it might have.",
  usual: "Here it did not, so far, as usual.",
  unsure: "More runs would tell more.",
  unknown: "",
};

// told puts what is gravest about a lane into words.
export function told(lane: string, p: Promised | null, s: ShareView, sense: Sense): string {
  if (!p) return `${laneName(lane)} broke no promise in ${plural(s.of, "run", "runs")} like this one.`;
  return `${laneName(lane)} ${did[p]} in ${percent(s.percent)} of ${plural(s.of, "run", "runs")} like this one (${interval(s)}). ${senses[sense]}`.trim();
}

export const kept = (list: readonly Promised[]): string => `Did not occur: ${listed(list.map((p) => names[p]))}.`;

// basis says what the figures are of.
export function basis(l: LuckView, r: JobResult): string {
  const hand = l.by_hand > 0 ? ` ${plural(l.by_hand, "decision", "decisions")} about single messages had to be left out.` : "";
  return `${plural(l.done, "run", "runs")}, each up to ${seconds(r.end)}, from seed ${l.seed} on.${hand}`;
}

const reasons: readonly [RegExp, string][] = [
  [/cancelled/, "you cancelled it"],
  [/are over$/, "its time was over"],
];

// cutText says that a job ended before it was done.
export function cutText(r: JobResult, none: boolean): string {
  const why = reasons.find(([is]) => is.test(r.cut ?? ""))?.[1] ?? r.cut ?? "";
  return none ? `Ended before anything was counted: ${why}.` : `Ended early: ${why}. What was counted until then stands here.`;
}

export function refused(reason: string): { lead: string; reason: string } {
  return { lead: "The server refused:", reason: `${reason.replace(/^(luck|turning|find): /, "")}.` };
}

const doing: Record<JobKind, string> = { luck: "Counting", turning: "Looking back", find: "Searching" };

export function status(j: Job): string {
  if (j.cancelled) return luck.cancelled;
  if (j.before > 0) return `Waiting: number ${j.before} in the queue.`;
  return `${doing[j.kind]} …`;
}

// pace says how far a job is.
export function pace(j: Job): string {
  if (j.total === 0) return "";
  const left = Math.ceil(j.left / 1000);
  const most = j.kind === "find" ? "at most " : "";
  return `${j.done} of ${most}${j.total} runs${left > 0 ? `, about ${left} s left` : ""}`;
}

export const violation = (lane: string, p: Promised): string => `${laneName(lane)}: ${names[p]}`;

// turns tells the points of no return, in order of time.
export function turnText(t: TurnView, sure: boolean): string {
  const what = sure ? "all but certain: 95 % break it from here on, whatever the luck" : "as likely as not: 50 % break it from here on";
  if (t.after < 0) return `${what}, from the very beginning`;
  return `${what} (it turned after ${seconds(t.after)})`;
}

export const factText = "it was a fact";

export function turningSaid(t: TurningView, p: Promised): string {
  const lead = violation(t.lane, p);
  if (t.sure && t.sure.after < 0) return `${lead}. It was settled from the very beginning, whatever the luck.`;
  if (t.likely && t.sure) return `${lead}. From ${seconds(t.sure.at)} on there was no way back.`;
  if (t.likely && t.likely.after < 0) return `${lead}. It was likely from the very beginning, and never certain before it happened.`;
  if (t.likely) return `${lead}. From ${seconds(t.likely.at)} on it was likely, and never certain before it happened.`;
  return `${lead}. It was never likely before it happened: chance.`;
}

export const momentText = (at: number, s: ShareView): string => `${seconds(at)}: ${percent(s.percent)} (${interval(s)}), ${s.count} of ${plural(s.of, "luck", "lucks")}`;

export function foundSaid(f: FoundView, p: Promised, cut: boolean): string {
  const what = violation(f.lane, p);
  if (!f.found) return cut ? `${what}: not under the ${plural(f.tried, "seed", "seeds")} that were tried.` : `${what}: none of ${plural(f.tried, "seed", "seeds")} does it.`;
  const small = f.before === f.after ? `None of its ${plural(f.before, "command", "commands")} can be left out.` : `${plural(f.before, "command", "commands")} came down to ${f.after}.`;
  const more = f.before === f.after ? "" : f.minimal ? f.after === 1 ? " That one is needed." : " None of these can be left out." : " There was no time to leave out more.";
  return `${what}: seed ${f.seed} does it, after ${plural(f.tried, "try", "tries")}, at ${seconds(f.at)}. ${f.before === 0 ? "It needs no command at all." : small + (f.after === 0 ? "" : more)}`;
}
