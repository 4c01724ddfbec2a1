// Every word that a visitor sees, but for the stories, which tellings.ts tells, and the few that the server's page holds
// before this script runs. Functions take plain data and return plain text, so that a second language is a second file
// like this one.
import type { ClientState, Errand, LaneState, Loss, Scores, StaleView, Verdict } from "./wire";

export type Tone = "ok" | "fail" | "info" | "stale" | "pending" | "gone";

// A Saying is what a client's bubble says: an answer, and what had been asked.
export interface Saying {
  tone: Tone;
  main: string;
  sub: string;
}

// unit is what the numbers of the run shown are: dollars, or things, or "" for plain numbers.
export let unit = "dollars";

// speakOf sets the unit, once for each run that is shown.
export function speakOf(of: string): void {
  unit = of;
}

export const inDollars = (): boolean => unit === "dollars";

// money writes a number of the workload: $300 in the bank, 300 elsewhere.
export function money(n: number): string {
  const sign = n < 0 ? "−" : "";
  return `${sign}${inDollars() ? "$" : ""}${Math.abs(n)}`;
}

// shortMoney fits a node: thousands and millions are abbreviated, with three digits at most.
export function shortMoney(n: number): string {
  const size = Math.abs(n);
  if (size < 10_000) return money(n);
  const [by, name] = size < 1_000_000 ? [1000, "k"] : [1_000_000, "M"];
  const digits = size / by >= 100 ? 0 : 1;
  return `${n < 0 ? "−" : ""}${inDollars() ? "$" : ""}${(size / by).toFixed(digits).replace(".0", "")}${name}`;
}

// amount writes a number of the workload with what it counts.
export function amount(n: number): string {
  switch (unit) {
    case "pieces":
      return `${money(n)} left`;
    case "items":
    case "likes":
    case "posts":
      return plural(n, unit.slice(0, -1), unit);
    default:
      return money(n);
  }
}

// heldText is what a node has room for: the number of what a document holds, siblings or how many they are, or the value.
export function heldText(value: number, text: string | undefined): string {
  if (text === undefined) return shortMoney(value);
  if (text === "deleted") return "none";
  const siblings = text.split(" | ").map((t) => t.split(" ")[0]);
  const side = siblings.join("|");
  return siblings.length === 1 || side.length <= 7 ? side : `×${siblings.length}`;
}

// bare is a text for nodes too small for the dollar.
export function bare(text: string): string {
  return text.replace("$", "");
}

export function seconds(us: number, digits = 2): string {
  return `${(us / 1e6).toFixed(digits)} s`;
}

export function milliseconds(us: number): string {
  return `${Math.round(us / 1000)} ms`;
}

export function plural(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

// What a client asks.

export function asked(e: Pick<Errand, "kind" | "amount">): string {
  switch (e.kind) {
    case "look":
      return looked[unit] ?? "value";
    case "deposit":
      return `deposit ${money(e.amount)}`;
    case "withdraw":
      return `withdraw ${money(e.amount)}`;
    case "set":
      return `write ${money(e.amount)}`;
    case "buy":
      return e.amount > 1 ? `buy ${e.amount}` : "buy one";
    case "like":
      return "like";
    case "add":
      return `add item ${e.amount}`;
    case "post":
      return `post ${e.amount}`;
    case "cas":
      return `change to ${e.amount}`;
    case "delete":
      return "delete";
    case "increment":
      return `add ${e.amount}`;
    case "insert":
      return `add item ${e.amount}`;
    case "remove":
      return `remove item ${e.amount}`;
  }
}

// looked names what somebody who only looks wants to know.
const looked: Record<string, string> = { dollars: "balance", pieces: "what is left", items: "cart", likes: "likes", posts: "feed" };

function refused(e: Errand): string {
  if (e.reason === "no-leader") return "refused: no leader";
  if (e.reason === "level") return "refused: not at this level";
  if (e.reason === "behind") return "refused: behind you";
  if (e.reason === "too-many") return "refused: too many values";
  if (e.reason === "unsupported") return "not possible here";
  if (e.reason === "read-only") return "refused: read-only";
  if (e.reason === "stopped") return "refused: it is down";
  if (e.reason === "not-leader") return "refused: another leads";
  if (e.need) return `refused: ${e.have ?? 0} of ${e.need} replicas`;
  return "refused";
}

function unanswered(e: Errand): string {
  if (e.reason === "contended") return "unknown, a rival came between";
  return e.need ? `no answer, ${e.have ?? 0} of ${e.need} replicas` : "no answer";
}

function answered(e: Errand, stale: StaleView | null): string {
  if (e.reason === "funds") return `not enough money: ${money(e.balance)}`;
  if (e.reason === "sold-out") return "sold out";
  if (e.reason === "conflict") return "changed meanwhile,";
  if (e.reason === "alone") return `${amount(e.balance)}, but on one disk`;
  if (stale) return `stale: ${amount(e.balance)}, ${seconds(stale.age, 1)} old`;
  switch (e.kind) {
    case "look":
      return inDollars() ? `you have ${money(e.balance)}` : unit === "" ? `it is ${e.balance}` : amount(e.balance);
    case "deposit":
      return `added ${money(e.amount)}, ${money(e.balance)} now`;
    case "withdraw":
      return `took ${money(e.amount)}, ${money(e.balance)} left`;
    case "set":
      return `wrote ${money(e.amount)}`;
    case "buy":
      return `you bought ${e.amount > 1 ? e.amount : "one"}, ${money(e.balance)} left`;
    case "like":
      return `liked, ${amount(e.balance)} now`;
    case "add":
      return `item ${e.amount} added, ${amount(e.balance)} now`;
    case "post":
      return `post ${e.amount} is up, ${amount(e.balance)}`;
    case "cas":
      return `changed to ${e.amount}`;
    case "delete":
      return "deleted";
    case "increment":
      return `added ${e.amount}, ${e.balance} now`;
    case "insert":
      return `item ${e.amount} added, ${plural(e.balance, "item", "items")} now`;
    case "remove":
      return `item ${e.amount} removed, ${plural(e.balance, "item", "items")} now`;
  }
}

// saying puts a client's last answer, and what it is asking now, into words. who is its name, eu-west-1@2, where a
// region has several, else "".
export function saying(c: ClientState, who = ""): Saying | null {
  const told = c.told;
  const by = who && `${who.slice(Math.max(who.lastIndexOf("@"), 0))} `;
  if (!told) return c.asking ? { tone: "pending", main: "waiting …", sub: `${by}asks: ${asked(c.asking)}` } : null;
  const sub = by + (c.asking ? `asks: ${asked(c.asking)} …` : `asked: ${asked(told)}`);
  if (told.outcome === "info") return { tone: "info", main: `${unanswered(told)}: ${asked(told)}`, sub };
  if (told.outcome === "fail") return { tone: "fail", main: refused(told), sub };
  const main = answered(told, c.stale);
  return { tone: c.stale ? "stale" : "ok", main, sub: told.reason === "conflict" ? "nothing written" : sub };
}

// shortSaying is for stages with many regions and little room.
export function shortSaying(c: ClientState): Saying | null {
  const told = c.told;
  if (!told) return c.asking ? { tone: "pending", main: "waiting …", sub: "" } : null;
  if (told.outcome === "info") return { tone: "info", main: "no answer", sub: "" };
  if (told.outcome === "fail") return { tone: "fail", main: "refused", sub: "" };
  if (c.stale) return { tone: "stale", main: `stale ${money(told.balance)}`, sub: "" };
  if (told.reason === "sold-out") return { tone: "ok", main: "sold out", sub: "" };
  const nothing = told.reason === "funds" || told.reason === "conflict";
  return { tone: "ok", main: nothing ? "no change" : money(told.balance), sub: "" };
}

// gone is said in the place of an answer that turned out to be void.
export function gone(losses: readonly Loss[], short: boolean): Saying {
  const last = losses[losses.length - 1]!;
  if (short) return { tone: "gone", main: losses.length > 1 ? `${losses.length} lost` : "lost", sub: "" };
  const main = losses.length > 1 ? `${losses.length} writes are lost` : `lost: ${asked(last)}`;
  const sub = losses.length > 1 ? "all were told “ok”" : `was told “ok” at ${seconds(last.acked)}`;
  return { tone: "gone", main, sub };
}

// The longest sayings for which bubbles have room; longer ones are rare, and written smaller.
export const longSayings = ["refused: 1 of 2 replicas", "no answer: withdraw $120", "not enough money: $20"];
export const longShortSayings = ["stale $500", "no change", "no answer"];

// clientLabel names the region, or the client where there are several.
export function clientLabel(region: string, who: string, s: Saying | null): string {
  const name = who ? `Client ${who}` : `Client in ${region}`;
  return s ? `${name}: ${s.main}${s.sub ? `; ${s.sub}` : ""}` : `${name}: nothing asked yet`;
}

// The stage.

export function awayFor(us: number): string {
  return `away ${seconds(Math.max(us, 0), 1)}`;
}

export function termOf(role: string, term: number): string {
  if (role === "primary") return `timeline ${term}`;
  return role === "leader" ? `term ${term}` : role === "candidate" || role === "promoting" ? "stands" : role === "out" ? "stays out" : "";
}

// leads reports whether a node takes itself for the one that orders the writes.
export const leads = (role: string): boolean => role === "leader" || role === "primary";

export const passing = "–"; // in a node that keeps no copies and passes requests on

// stateOf names what is wrong with a machine, if viewers are to see it at once.
export function stateOf(n: { down?: boolean; paused?: boolean }): string {
  return n.down ? "down" : n.paused ? "paused" : "";
}

// Held is what the label of a region says of each of its nodes.
export interface Held {
  value: number;
  text: string | undefined; // in place of the value
  role: string;
  state: string; // as stateOf says
  holds: boolean;
}

function heldBy(n: Held): string {
  const held = n.holds ? (n.text ?? money(n.value)) : "no copy";
  if (n.state === "down") return `down, ${held}${n.holds ? " on its disk" : ""}`;
  return [n.state, n.role, held].filter(Boolean).join(", ");
}

export function regionLabel(lane: string, region: string, nodes: readonly Held[], away: boolean): string {
  const held = nodes.length === 1 ? heldBy(nodes[0]!) : `${nodes.length} replicas; ${nodes.map((n, i) => `${i + 1}: ${heldBy(n)}`).join("; ")}`;
  const what = `${region}, ${laneName(lane)}: ${held}`;
  return away ? `${what}; away. Enter brings it home` : `${what}. Enter sends it away`;
}

export const hint = "Drag a region away";
export const stageLabel = (lane: string) => `${laneName(lane)}: map of the regions`;

// Lanes and their figures.

export function laneName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

// rules say which of two writes stays when replicas that have not seen each other's meet.
export const rules: Record<string, string> = { gossip: "last writer wins", quorum: "last writer wins" };

// protocolOf says what a lane runs: "Raft", "n 3 · r 2 · w 2, last writer wins" where the lane's name says the rest.
// Who leads first is not said: the crown shows who leads now.
export function protocolOf(lane: Pick<LaneState, "name" | "protocol" | "knobs">): string {
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
  if (v.linearizable === "no") parts.push(parts.length > 0 ? "not linearizable" : `not linearizable: operation ${v.violation_at}`);
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
  step: "Step to the next event",
  speed: "Speed",
  speedOf: (speed: number) => `${speed} s per second`,
  time: "Time",
  live: "Back to live",
  ended: "the run has ended",
  faults: "Partition",
  partition: (region: string) => `Partition ${region}`,
  heal: "Heal",
  you: "You are in",
  region: "Your region",
  value: "Number to write",
  write: "Write",
  read: "Read",
  lanes: "Lanes",
  awayBand: (regions: readonly string[]) => `${listed(regions)} away`,
  story: "Story",
  more: "Whole story",
  fewer: "Less",
  why: "why?",
  close: "Close",
  dismiss: "Dismiss",
} as const;

export const tools = {
  theme: { system: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" },
  help: "Help",
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
  refusedRoom: (reason: string) => `The server did not open the room: ${reason}.`,
  anew: "Open a new room",
  notSent: "Not sent: there is no connection to the server.",
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
    "Be a client yourself: choose your region, write a value, read it elsewhere.",
  ],
  packets: "On the cables",
  packetNames: { data: "request or write", answer: "answer", vote: "election", beat: "heartbeat", lost: "lost" },
  terms: "What the figures mean",
} as const;
