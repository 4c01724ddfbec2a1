// What happened, in sentences: a second file of words, for the stories.
import { rules } from "./panel_words";
import type { Command, Loss, Story, Told } from "./wire";
import { amount, listed, money, plural, seconds, unit } from "./words";

export interface Telling {
  regions: readonly string[];
  nodes: readonly string[]; // a node's region where it is the only one there, or else its name
  away: readonly string[]; // after a partition: who is away
  were: readonly string[]; // before it: who was
  protocol: string; // of the lane
  mode?: string; // that it is or, of a preset, runs
  clients?: readonly string[]; // their names, or the region of one that is alone there
  commands: readonly Command[]; // of that instant
}

// tell puts a story into a sentence. Messages lost by a partition are summed over the lanes beforehand.
export function tell(s: Story, t: Telling): string {
  const node = t.nodes[s.node] ?? "";
  const peer = t.nodes[s.peer] ?? "";
  switch (s.kind) {
    case "partition":
      return tellPartition(t, s.n);
    case "heal":
      return "All regions are home: every cable carries messages again.";
    case "machine":
      return tellLinks(t.commands, 0);
    case "links":
      return tellLinks(t.commands, s.n);
    case "campaign":
      if ((t.mode ?? t.protocol) === "primary") return `Nobody holds the lease: ${node} looks whether it may take over.`;
      return `${node} asks whether the others would elect it in term ${s.n}.`;
    case "elected":
      if ((t.mode ?? t.protocol) === "primary") return `${node} is the primary, on timeline ${s.n}.`;
      if (group(t)) return `${node} is the group's primary.`;
      return `${node} is elected and leads in term ${s.n}.`;
    case "deposed":
      if ((t.mode ?? t.protocol) === "primary") return `${node} steps down: it was the primary on timeline ${s.n}.`;
      return `${node} learns that it leads no longer: its term ${s.n} is over.`;
    case "operator":
      return tellLinks(t.commands, 0);
    case "hand":
      return tellLinks(t.commands, 0);
    case "missed":
      return `Message ${s.n} is not on its way: what was decided about it has no effect.`;
    case "rewound":
      return `${node} gives up ${plural(s.n, "write", "writes")} that only its own log had, and follows ${peer}.`;
    case "out":
      if (group(t)) return `${node} has left the group: it was expelled, or saw no majority for too long.`;
      return `${node} stays out: its log has ${plural(s.n, "write", "writes")} that ${peer} does not have.`;
    case "alone":
      return `${node} waits for its standbys no more${s.n > 0 ? `, and answers ${plural(s.n, "commit", "commits")} that waited` : ""}.`;
    case "waits":
      return `${node} waits for its standbys before it answers.`;
    case "members":
      return `${node} goes by other members: ${plural(s.n, "vote", "votes")} in all, those of a change under way counted twice.`;
    case "snapshot":
      return `${node} was away for too long to be sent the log: it takes ${peer || "its leader"}'s snapshot up to entry ${s.n}.`;
    case "suspect":
      if (group(t)) return `${node} has not heard from ${peer} for ${seconds(s.n)}: ${peer} is UNREACHABLE to it.`;
      return `${node} has not heard from ${peer} for ${seconds(s.n)} and takes it for gone.`;
    case "trust":
      return `${node} hears ${peer} again.`;
    case "reset":
      return `${node} gave up its connection to ${peer}${s.n > 0 ? `: ${plural(s.n, "message", "messages")} gone` : ""}.`;
    case "dialed":
      return `${node} is connected to ${peer} again.`;
    case "told":
      return s.told ? tellTold(s.told, t.clients?.[s.told.client] ?? "") : "";
    case "lost":
      return s.loss ? tellLoss(s.loss, t.regions, t.protocol) : `Operation ${s.n} was acknowledged, and no replica holds it any more.`;
    case "violated":
      return tellViolation(s, t.regions);
  }
}

// group reports whether a lane's nodes are members of a group.
const group = (t: Telling): boolean => (t.mode ?? t.protocol) === "group";

// tellTold leads to what a client has read, which is in its product's words and is shown after it.
function tellTold(told: Told, who: string): string {
  const reads = told.kind === "read";
  const unknown = reads ? "is told nothing" : "does not learn whether it was done";
  return `${who}, ${reads ? "reading" : "writing"}, ${told.outcome === "fail" ? "is refused" : told.outcome === "info" ? unknown : "is answered with a warning"}:`;
}

function tellViolation(s: Story, regions: readonly string[]): string {
  const f = s.find;
  if (!f) return `Not linearizable: after operation ${s.n}, no order of the operations explains every answer.`;
  const found = `${regions[f.client] ?? ""} was told ${amount(f.value)} at ${seconds(f.at)}`;
  const other = regions[f.by] ?? "";
  const known = f.shown ? `${other} had already been told ${amount(f.newer)}` : `${other}'s write of ${amount(f.newer)} had already been acknowledged`;
  return `Not linearizable: ${found}, although ${known} at ${seconds(f.known)}.`;
}

function tellLinks(commands: readonly Command[], lost: number): string {
  const changes = commands.flatMap((c) => linkWords[c.verb]?.(c, ends(c)) ?? []);
  const text = changes.join("; ");
  const named = commands.some((c) => c.node && text.startsWith(c.node)); // names stay as they are
  const said = named ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return lost === 0 ? `${said}.` : `${said}: ${plural(lost, "message is", "messages are")} lost.`;
}

// ends names the links of a command.
function ends(c: Command): string {
  if (!c.from || !c.to) return "everywhere";
  if (c.from === c.to) return `within ${c.from}`;
  return c.one_way ? `from ${c.from} to ${c.to}` : `between ${c.from} and ${c.to}`;
}

const oddsOf = (millionths: number | undefined): string => `${(millionths ?? 0) / 10_000} %`;

const linkWords: Partial<Record<Command["verb"], (c: Command, where: string) => string>> = {
  cut: (_, where) => `the links ${where} are cut`,
  mend: (_, where) => `the links ${where} are mended`,
  hold: (_, where) => `messages ${where} are held`,
  release: (_, where) => `messages ${where} are released`,
  drop: (c, where) => `${oddsOf(c.chance)} of messages ${where} are lost`,
  duplicate: (c, where) => `${oddsOf(c.chance)} of messages ${where} arrive twice`,
  reorder: (c, where) => `${oddsOf(c.chance)} of messages ${where} are kept back for up to ${seconds(c.by ?? 0)}`,
  delay: (c, where) => `messages ${where} take ${seconds(c.by ?? 0)} longer`,
  deliver: (c) => `by hand, message ${c.message} arrives now`,
  lose: (c) => `by hand, message ${c.message} is lost`,
  postpone: (c) => `by hand, message ${c.message} takes ${seconds(c.by ?? 0)} longer`,
  promote: (c) => `an operator makes ${c.node} the primary`,
  rejoin: (c) => `an operator has ${c.node} follow the primary`,
  cancel: (c) => `an operator ends the waits of ${c.node} for its standbys`,
  crash: (c) => `${c.node} crashes: its memory is gone, its disk stays`,
  exit: (c) => `the process of ${c.node} ends: its memory is gone, its disk stays, and its peers are told`,
  wipe: (c) => `${c.node} crashes, and its disk is emptied`,
  transfer: (c) => `an operator has the leader hand over to ${c.node}`,
  members: (c) => `an operator makes ${listed(c.members ?? [])} the members`,
  restart: (c) => `${c.node} starts anew from its disk`,
  pause: (c) => `${c.node} stands still`,
  resume: (c) => `${c.node} goes on`,
  slow: (c) => `${c.node} takes ${seconds(c.by ?? 0)} for each message`,
  skew: (c) => `the clock of ${c.node} is ${seconds(Math.abs(c.by ?? 0))} ${(c.by ?? 0) < 0 ? "behind" : "ahead"}`,
  drift: (c) => (c.rate ? `the clock of ${c.node} is ${Math.abs(c.rate)} ppm ${c.rate < 0 ? "slow" : "fast"}` : `the clock of ${c.node} keeps time`),
  fsync: (c) => (c.stuck ? `the disk of ${c.node} is stuck` : `the disk of ${c.node} takes ${seconds(c.by ?? 0)} for each fsync`),
};

function tellPartition(t: Telling, lost: number): string {
  const who = moved(t.were, t.away);
  if (lost === 0) return `${who}.`;
  return `${who}: ${plural(lost, "message is", "messages are")} lost on the cables.`;
}

// moved says who has gone and come, and of the others that are away only that they still are.
function moved(were: readonly string[], away: readonly string[]): string {
  const home = were.filter((r) => !away.includes(r));
  const left = away.filter((r) => !were.includes(r));
  const still = away.filter((r) => were.includes(r));
  const does = (who: readonly string[], one: string, many: string) => `${listed(who)} ${who.length > 1 ? many : one}`;
  const parts: string[] = [];
  if (home.length > 0) parts.push(does(home, "comes home", "come home"));
  if (left.length > 0) parts.push(does(left, "drifts away", "drift away") + (still.length > 0 ? " too" : ""));
  if (parts.length === 0) return "The regions are parted anew";
  if (home.length > 0 && still.length > 0) parts.push(does(still, "is still away", "are still away"));
  return parts.join("; ");
}

function lostThing(l: Loss): string {
  switch (l.kind) {
    case "deposit":
      return `The deposit of ${money(l.amount)}`;
    case "withdraw":
      return `The withdrawal of ${money(l.amount)}`;
    case "buy":
      return "The purchase";
    case "like":
      return "The like";
    case "add":
      return `Item ${l.amount}`;
    case "post":
      return `Post ${l.amount}`;
    case "delete":
      return "The deletion";
    case "increment":
      return `The increment by ${l.amount}`;
    case "insert":
      return `Item ${l.amount}`;
    case "remove":
      return `The removal of item ${l.amount}`;
    default:
      return `The write of ${money(l.amount)}`;
  }
}

function tellLoss(l: Loss, regions: readonly string[], protocol: string): string {
  const whose = regions[l.client] ?? "";
  const first = `${lostThing(l)} that ${whose} was told “ok” for at ${seconds(l.acked)} is gone`;
  const by = regions[l.over_by];
  if (l.over === 0 || by === undefined) return `${first}: the opening ${amount(l.over_value)} took its place.`;
  const parted = l.unseen ? " (the regions were parted)" : "";
  const where = by === whose ? "the same region" : by;
  const rule = rules[protocol] ? `${rules[protocol]}, and ` : "";
  return `${first}: ${rule}${amount(l.over_value)}, written in ${where} later without having seen it${parted}, took its place.`;
}

// spoken is what is said aloud.
export const spoken = {
  inLane: (lane: string, text: string) => `${lane}: ${text}${/[.!?…]$/.test(text) ? "" : "."}`,
  own: (who: string, answers: readonly string[]) => `You, in ${who}: ${answers.join(" ")}`,
  more: (n: number) => `And ${n} more like it.`,
} as const;

export const everyLane = "all lanes";
const doings: Record<string, string> = { dollars: "deposit, withdraw", pieces: "buy", items: "add items", likes: "like", posts: "post" };
export const noStory = () => `The clients ${doings[unit] ?? "write"} and look. Part a region from the others and see what they are told.`;
