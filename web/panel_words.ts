// What a visitor reads around the stages: figures, verdicts, controls, notices and the help.
import type { LaneState, Modelled, Scores, Verdict } from "./wire";
import { listed, money, plural } from "./words";

// rules say which of two writes stays when replicas that have not seen each other's meet.
export const rules: Record<string, string> = { gossip: "last writer wins", quorum: "last writer wins" };

// named writes a product with its version, which may be one in words.
export const named = (m: Modelled): string => `${m.product}${/^\d/.test(m.version) ? "" : ","} ${m.version}`;

// after names the database that a lane is modelled after.
export const after = (m: Modelled): string => `modelled after ${named(m)}`;

export const afterAll = (m: Modelled): string => `M${after(m).slice(1)}: ${m.configuration}`;

// protocolOf says what a lane runs: "Raft", "n 3 · r 2 · w 2, last writer wins" where the lane's name says the rest.
// Who leads first is not said: the crown shows who leads now.
export function protocolOf(lane: Pick<LaneState, "name" | "protocol" | "knobs"> & { modelled?: Modelled | null }): string {
  if (lane.modelled) return [after(lane.modelled), ...(lane.knobs ?? []).map((k) => `${k.name} ${k.value}`)].join(" · ");
  const name = lane.protocol === "raft" ? "Raft" : lane.protocol;
  const knobs = (lane.knobs ?? []).filter((k) => k.name !== "leader").map((k) => `${k.name.replace(/-/g, " ")} ${k.value}`);
  const what = [...(name === lane.name ? [] : [name]), ...knobs].join(" · ");
  const merges = (lane.knobs ?? []).some((k) => k.name === "conflict" && !k.value.startsWith("lww"));
  return [what, merges ? "" : rules[lane.protocol]].filter(Boolean).join(", ");
}

// toneOf is what a verdict comes to. Of a lane that has answered nobody there is nothing good to say.
export function toneOf(v: Verdict, s: Scores): "good" | "bad" | "open" {
  if (v.linearizable === "no" || s.lost_writes > 0) return "bad";
  return v.linearizable === "yes" && s.operations > 0 ? "good" : "open";
}

// verdictOf tells the referee's findings: the worst one first.
export function verdictOf(v: Verdict, s: Scores): string {
  if (s.operations === 0) return "nobody has been answered yet";
  const parts: string[] = [];
  if (s.lost_writes > 0) parts.push(`${plural(s.lost_writes, "write", "writes")} lost`);
  if (v.linearizable === "no") parts.push(parts.length > 0 ? "not linearizable" : `not linearizable since operation ${v.violation_at}`);
  if (v.linearizable === "unknown") parts.push("linearizable? not settled yet");
  if (v.linearizable === "yes" && parts.length === 0) parts.push(`linearizable so far, ${plural(v.covers, "operation", "operations")}`);
  return parts.join(", ");
}

// badgeOf says what the mark on a lane's tab means.
export function badgeOf(v: Verdict, s: Scores): string {
  const parts = s.lost_writes > 0 ? [`${plural(s.lost_writes, "write", "writes")} lost`] : [];
  return [...parts, ...(v.linearizable === "no" ? ["not linearizable"] : [])].join(", ");
}

export const scoreNames = {
  answered: "answered",
  stale: "stale reads",
  lost: "lost writes",
  p99: "p99",
  expected: "books say",
  held: "replicas hold",
  damage: "damage",
} as const;

export const definitions: [string, string][] = [
  ["answered", "The share of completed requests that got an answer. “Refused” and “no answer” are not answers; “not enough money” is."],
  ["no answer", "The client waited in vain, for 2 s unless the run says otherwise. The write may have been applied, or may yet be."],
  ["refused", "The replica said so at once. Nothing was applied."],
  ["stale read", "A read that returned an older value than one that had been acknowledged before the read began."],
  ["lost write", "A write whose client was told “ok”, and which no replica, log or message in flight holds any more, nor anything that was built on it."],
  ["p99", "99 of 100 requests took no longer. One without an answer counts as its full timeout, 2 s unless the run says otherwise."],
  ["linearizable", "All answers can be explained by one order of the operations that respects time. A checker looks for that order after each answer."],
  ["books", "What the replicas should hold, by what the clients were told. What had no answer makes it a range."],
  ["damage", "What is wrong by the workload’s own rule, beyond what the books allow: money missing or too much, more sold than in stock, likes, items or posts gone. All but sales count once the replicas agree."],
];

export function definition(of: string): string {
  return definitions.find(([name]) => name === of)?.[1] ?? "";
}

export const nothing = "–"; // in the place of a figure that does not exist yet

export function percent(s: Scores): string {
  return s.operations === 0 ? nothing : `${share(s)} %`;
}

export function share(s: Scores): number {
  return Math.floor((100 * s.ok) / s.operations);
}

export function latency(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

export function expectedOf(s: Scores): string {
  const { low, high } = s.books;
  return low === high ? money(low) : `${money(low)}–${money(high)}`;
}

export function heldOf(s: Scores): string {
  return s.books.agreed ? money(s.books.held) : "they differ";
}

export function damageOf(s: Scores): string {
  return s.books.damage_text ?? "none";
}

// Controls.

export const untitled = "A run from a link";

export const controls = {
  label: "Controls",
  play: "Play",
  time: "Time",
  live: "Back to live",
  ended: "the run has ended",
  slowed: "slower than set: this run asks for more than the server gives a room",
  faults: "Partition",
  partition: (region: string) => `Partition ${region}`,
  heal: "Heal",
  healing: "Every region comes home, every cable is mended",
  you: "You are in",
  region: "Your region",
  value: "Number to write",
  write: "Write",
  read: "Read",
  lanes: "Lanes",
  awayBand: (regions: readonly string[]) => `${listed(regions)} away`,
  story: "Story",
  why: "why?",
  whyOf: (what: string) => `Why? ${what}`,
  close: "Close",
  dismiss: "Dismiss",
  undo: "Undo",
} as const;

export const tools = {
  theme: { system: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" },
  help: "Help",
  other: "de", // language
  otherName: "Deutsch",
} as const;

// Notices.

export const notices = {
  label: "Notices",
  remark: (reason: string) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  rejected: (reason: string) => `Not done. ${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  connecting: "Connecting …",
  lost: "No connection to the server.",
  retry: (s: number) => (s > 0 ? `Trying again in ${s} s.` : "Trying again …"),
  retryNow: "Try now",
  waits: (reason: string) => `The server has no room free yet: ${reason}.`,
  refusedRoom: (reason: string) => `The server did not open the room: ${reason}.`,
  anew: "Open a new room",
  healed: (parted: boolean, cables: number) =>
    [parted ? "Every region is home" : "", cables > 0 ? `${cables === 1 ? "1 cable is" : `${cables} cables are`} mended` : ""].filter(Boolean).join("; ").replace(/^$/, "All links are mended") + ".",
  notSent: "Not sent: there is no connection to the server.",
  watching: "You are watching. To act, make a copy of your own or ask for control.",
  unfetched: "This part of the page could not be fetched.",
  counted: "What was being counted has ended: see Luck.",
} as const;

// closings say why the server closed the socket before it sent a state, by the socket's code.
export const closings: Record<number, string> = {
  1007: "this link cannot be read",
  1008: "this link is not for this server",
  1009: "this link is too long for this server",
};

export const help = {
  title: "How to read this",
  intro:
    "Three databases serve the same clients over the same cables with the same luck. They differ in one thing: what they do when regions cannot talk to each other. Nothing is scripted: every message is simulated, and a checker gives the verdicts.",
  steps: [
    "Drag a region away: its cables tear in every lane. Drag it home: they heal. With the keyboard: focus a region, press Enter.",
    "Watch the people: ✓ was answered, ? had no answer, a barred circle was refused, a clock was told something stale.",
    "Equal values have equal colours. Where the colours differ, the replicas disagree.",
    "A dashed grey circle is a machine that is down; it shows what its disk holds. Two bars mark one that stands still.",
    "A crown marks the leader. A hollow crown does not know yet that it leads no longer.",
    "Click a lane’s verdict, or press v, to see what was checked, what went wrong, and why: which messages, which fault.",
    "Be a client yourself: choose your region, write a value, read it elsewhere.",
    "Under Databases are PostgreSQL, Cassandra, Spanner and others, with all that their makers document, each as a scenario. Any lane can be one: choose it in the lane’s menu, under Change.",
  ],
  packets: "Shapes on the stage",
  legend: "Each kind of message has a shape of its own, and rings, strips and marks say what a replica is at. Press l at any time, or",
  openLegend: "open the legend",
  terms: "What the figures mean",
} as const;
