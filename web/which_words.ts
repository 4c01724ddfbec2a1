// What a visitor reads who asks which database would hurt least.
import type { Fault } from "./which_world";
import { laneName, plural } from "./words";

export const which = {
  title: "Which one for me?",
  about: "Say where your users are, what they do, what may go wrong and what hurts. Every database here is then run in that world, as people run it, under many seeds. No advice: figures, and behind each figure the run that it comes from.",
  world: "Your world",
  regions: "Regions",
  replicas: "Replicas in each",
  workload: "Users",
  rate: "Times a second, each",
  reads: "Only read, %",
  keys: "Keys",
  fault: "What goes wrong",
  where: "Where",
  span: "For seconds",
  hurts: "What hurts",
  lost: "Acknowledged writes that are lost",
  stale: "Reads that are out of date by over",
  ms: "ms",
  refusals: "Operations that are refused, or get no answer",
  latency: "Waiting",
  damage: "Money, stock or posts that are wrong",
  seeds: "Seeds",
  script: "The same as a scenario",
  scriptHint: "What stands here is what runs. Change anything: the form above writes it anew when you change the form.",
  measure: "Measure",
  cancel: "Cancel",
  waiting: "Connecting …",
  progress: "How far it is",
  configuration: "Configuration",
  impossible: "Not possible in this world:",
  without: "Runs without:",
  ofScenario: "A lane of your scenario, for comparison.",
  open: "Open",
  table: "What was measured",
  hint: "Each figure opens the run that hurt most. Choose a column to sort by it.",
  nothing: "Choose at least one thing that hurts.",
  tooFew: "Choose at least two regions.",
  lostLine: "The connection ended before it was done.",
  tooLong: "This run's text is too long for a link.",
} as const;

export const faultNames: Record<Fault, string> = {
  none: "Nothing",
  away: "A region is away",
  flapping: "A region comes and goes",
  oneway: "A region is heard by nobody, and hears all",
  crash: "A machine crashes",
  pause: "A machine stands still",
  skew: "A clock is half a second ahead",
};

export const hurtNames: Record<string, string> = {
  "lost-writes": "Lost writes a run",
  stale: "Stale reads",
  refusals: "Not served",
  latency: "Wait, p99",
  "latency-p50": "Wait, median",
  damage: "Damage a run",
};

// heading names a column.
export function heading(name: string, over: number): string {
  return (hurtNames[name] ?? name) + (name === "stale" && over > 0 ? ` over ${over / 1000} ms` : "");
}

// laneTitle names a row that is a lane of the scenario and no database.
export const laneTitle = (lane: string, protocol: string): string => `${laneName(lane)} (${protocol})`;

// figure writes a cell's figure.
export function figure(name: string, happens: boolean, mean: number, median: number): string {
  if (!happens) return `${median >= 100 ? Math.round(median) : median.toFixed(1)} ms`;
  if (name === "stale" || name === "refusals") return `${mean.toFixed(mean !== 0 && mean < 10 ? 2 : 1)} %`;
  return mean.toFixed(mean !== 0 && mean < 10 ? 2 : 1);
}

// often says in how many runs it happened at all.
export const often = (count: number, of: number): string => (count === 0 ? `in none of ${of}` : `in ${count} of ${of}`);

// opening names the link behind a cell.
export const opening = (title: string, what: string, seed: number): string => `${title}, ${what}: open the run of seed ${seed}`;

export function basis(done: number, seeds: number, rows: number): string {
  const all = rows * seeds;
  const ran = done < all ? `${done} of ${plural(all, "run", "runs")}` : plural(done, "run", "runs");
  return `${ran}: ${plural(rows, "configuration", "configurations")} under ${plural(seeds, "seed", "seeds")}.`;
}

export function pace(done: number, total: number, left: number): string {
  return total === 0 ? "" : `${done} of ${total} runs${left > 0 ? `, about ${Math.max(1, Math.round(left / 1000))} s left` : ""}`;
}

export const cut = (why: string): string => `It ended early: ${why}. What is here was measured by then.`;

export const tooMuch = (bytes: number, most: number): string => `The scenario has ${bytes} bytes; the most is ${most}.`;
