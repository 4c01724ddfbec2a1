// What a visitor reads on a stage, and how numbers are written. The panels' words are in panel_words.ts, the stories are
// told by tellings.ts, violations by causes_words.ts; the server's page holds a few before this script runs. Functions take plain data and return plain text, so that a second language is a second file
// like this one.
import type { Fault } from "./faults";
import type { CableView, ClientState, Errand, Loss, StaleView } from "./wire";

export type Tone = "ok" | "fail" | "info" | "stale" | "pending" | "gone";

// A Saying is what a client's bubble says: an answer, and what had been asked.
export interface Saying {
  tone: Tone;
  main: string;
  sub: string;
  own?: string; // what of it are the words of a product
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
    case "create":
      return `write ${money(e.amount)} if there is none`;
  }
}

// looked names what somebody who only looks wants to know.
const looked: Record<string, string> = { dollars: "balance", pieces: "what is left", items: "cart", likes: "likes", posts: "feed" };

function refused(e: Errand): string {
  if (e.says) return `refused: ${e.says}`;
  if (e.reason === "no-leader") return "refused: no leader";
  if (e.reason === "level") return "refused: not at this level";
  if (e.reason === "behind") return "refused: behind you";
  if (e.reason === "too-many") return "refused: too many values";
  if (e.reason === "unsupported") return "not possible here";
  if (e.reason === "read-only") return "refused: read-only";
  if (e.reason === "stopped") return "refused: it is down";
  if (e.reason === "rival" || e.reason === "uncertified") return "refused: a rival was first";
  if (e.reason === "witness") return "refused: it only votes";
  if (e.reason === "not-leader") return "refused: another leads";
  if (e.need) return `refused: ${e.have ?? 0} of ${e.need} replicas`;
  return "refused";
}

function unanswered(e: Errand): string {
  if (e.says) return `unknown: ${e.says}`;
  if (e.reason === "contended") return "unknown, a rival came between";
  return e.need ? `no answer, ${e.have ?? 0} of ${e.need} replicas` : "no answer";
}

function answered(e: Errand, stale: StaleView | null): string {
  if (e.reason === "funds") return `not enough money: ${money(e.balance)}`;
  if (e.reason === "sold-out") return "sold out";
  if (e.reason === "conflict") return "changed meanwhile,";
  if (e.reason === "exists") return `there is one: ${e.says || money(e.balance)}`;
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
    case "create":
      return `wrote ${money(e.amount)}`;
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
  const own = told.outcome === "ok" && !told.reason ? "" : (told.says ?? "");
  if (told.outcome === "info") return { tone: "info", main: own ? unanswered(told) : `${unanswered(told)}: ${asked(told)}`, sub, own };
  if (told.outcome === "fail") return { tone: "fail", main: refused(told), sub, own };
  const main = answered(told, c.stale);
  return { tone: c.stale ? "stale" : "ok", main, sub: own || (told.reason === "conflict" ? "nothing written" : sub), own };
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

// termOf is what stands beside a node's crown, or in its place. A group's primary has no timeline.
export function termOf(role: string, term: number, mode?: string): string {
  if (role === "primary") return mode === "group" ? "primary" : `timeline ${term}`;
  return role === "leader" ? `term ${term}` : role === "candidate" || role === "promoting" ? "stands" : role === "out" ? "stays out" : role === "witness" ? "witness" : "";
}

// leads reports whether a node takes itself for the one that orders the writes.
export const leads = (role: string): boolean => role === "leader" || role === "primary";

export const passing = "–"; // in a node that keeps no copies and passes requests on

// stateOf names what is wrong with a machine, if viewers are to see it at once.
export function stateOf(n: { down?: boolean; paused?: boolean }): string {
  return n.down ? "down" : n.paused ? "paused" : "";
}

// cableTag is what stands on a cable: its round trip, with what faults add; and where there is room the least that light
// in fibre allows.
export function cableTag(c: Pick<CableView, "round_trip" | "fibre">, f: Fault, wide: boolean): string {
  const trip = milliseconds(c.round_trip);
  const faults = cableFaults(f);
  if (faults.length > 0) return wide ? `${trip} · ${faults[0]}` : faults[0]!;
  return wide && c.fibre ? `${trip} · fibre ${Math.round(c.fibre / 1000)}` : trip;
}

const chance = (millionths: number): string => `${Number((millionths / 10_000).toPrecision(2))} %`;

// cableFaults lists what faults do to a cable that still carries something.
export function cableFaults(f: Fault): string[] {
  return [
    f.drop > 0 ? `${chance(f.drop)} lost` : "",
    f.more > 0 ? `+${milliseconds(f.more)}` : "",
    f.duplicate > 0 ? `${chance(f.duplicate)} twice` : "",
    f.reorder > 0 ? `${chance(f.reorder)} mixed` : "",
    f.look === "partly" ? "partly cut" : "",
  ].filter(Boolean);
}

export const cableTells = (f: Fault): boolean => cableFaults(f).length > 0;

// ailments are what the marks by a disc say.
export const ailments = {
  down: "down",
  paused: "paused",
  slow: (us: number) => `slow ${brief(us)}`,
  skew: (us: number) => `clock ${us > 0 ? "+" : "−"}${brief(Math.abs(us))}`,
  drift: (ppm: number) => `clock ${ppm > 0 ? "fast" : "slow"}`,
  disk: (us: number) => `disk ${brief(us)}`,
  stuck: "disk stuck",
};

// brief writes a span for a mark: 20 ms, 1.5 s.
const brief = (us: number): string => (us < 1e6 ? milliseconds(us) : `${Number((us / 1e6).toFixed(1))} s`);

// Held is what the label of a region says of each of its nodes.
export interface Held {
  value: number;
  text: string | undefined; // in place of the value
  role: string;
  down: boolean;
  ills: string[]; // as ailments say
  holds: boolean;
  hints: number; // that it keeps
  dead: string[]; // whom it takes for dead
  log: { last: number; commit: number } | null;
}

// heldBy says what a node holds, and how it is.
export function heldBy(n: Held): string {
  const held = n.holds ? (n.text ?? money(n.value)) : "no copy";
  if (n.down) return `down, ${held}${n.holds ? " on its disk" : ""}`;
  const log = n.log && n.holds ? `log ${n.log.last}, ${n.log.commit < n.log.last ? `${n.log.commit} committed` : "all committed"}` : "";
  const hints = n.hints > 0 ? plural(n.hints, "hint kept", "hints kept") : "";
  const dead = n.dead.length > 0 ? `takes ${listed(n.dead)} for dead` : "";
  return [...n.ills, n.role, held, log, hints, dead].filter(Boolean).join(", ");
}

export function regionLabel(lane: string, region: string, nodes: readonly Held[], away: boolean): string {
  const held = nodes.length === 1 ? heldBy(nodes[0]!) : `${nodes.length} replicas; ${nodes.map((n, i) => `${i + 1}: ${heldBy(n)}`).join("; ")}`;
  const what = `${region}, ${laneName(lane)}: ${held}`;
  return away ? `${what}; away. Enter brings it home` : `${what}. Enter sends it away`;
}

export const hint = "Drag a region away, or draw across a cable";
export const stageLabel = (lane: string) => `${laneName(lane)}: map of the regions`;

let products: Readonly<Record<string, string>> = {}; // of lanes that are called after what they run

// callLanes sets how lanes are written, once for each run that is shown: one that is called after its preset, as the product.
export function callLanes(of: Readonly<Record<string, string>>): void {
  products = of;
}

export function laneName(name: string): string {
  return products[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}
