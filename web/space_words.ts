// What a visitor reads in the space-time diagram, when a message or operation is looked into, and when messages are
// delivered by hand.
import type { Deed, Letter } from "./archive";
import { exact, opLabel } from "./causes_words";
import type { Fact, MessageState, Verb } from "./wire";
import { laneName, listed, milliseconds, plural, seconds } from "./words";

const faults: Partial<Record<Verb, string>> = { cut: "cut", hold: "held", crash: "down", exit: "down", wipe: "wiped", pause: "stands still" };

const kinds: Record<string, string> = {
  request: "request",
  reply: "reply",
  replicate: "replication",
  ack: "acknowledgement",
  vote: "vote",
  heartbeat: "heartbeat",
  gossip: "gossip",
  repair: "repair",
  hint: "hint",
};

export const kindOf = (kind: string): string => kinds[kind] ?? kind;

export const space = {
  label: (lane: string) => `Space-time diagram of ${laneName(lane)}: time runs to the right, messages are arrows between nodes, operations are bars on their clients’ lines`,
  help: "Arrow keys move, + and − zoom, Home shows the beginning, End follows the run, Enter shows the moment of what is chosen. The list below says the same in words.",
  client: (n: number) => (n > 0 ? `client ${n}` : "client"),
  bar: (what: string, tone: string) => (tone === "stale" ? `${what}, stale` : tone === "gone" ? `${what}, lost` : what),
  away: (regions: readonly string[]) => `${listed(regions)} away`,
  fault: (verb: Verb, of: readonly string[]) => `${listed(of)} ${faults[verb] ?? verb}`,
  lane: "Lane",
  place: "Show",
  everywhere: "all regions",
  key: "Operations on",
  anyKey: "all keys",
  kinds: "Messages",
  follow: "Follow",
  closer: "Zoom in",
  wider: "Zoom out",
  save: "Save as SVG",
  file: (lane: string) => `netsplit-${lane}-space-time.svg`,
  list: "As a list",
  counts: (messages: number, operations: number) => `${plural(messages, "message", "messages")} and ${plural(operations, "operation", "operations")} in view`,
  most: (n: number) => `The first ${n} of each.`,
  columns: { what: "What", from: "From", to: "To", begun: "Sent or begun", ended: "Due or ended", fate: "What became of it" },
  inspect: "Inspect",
  moment: "Show its moment",
  nothing: "Point at a message or an operation to read what it is; click to choose it.",
  message: (id: number) => `Message ${id}`,
  operation: (id: number) => `Operation ${id}`,
} as const;

// fateOf says what became of a message, as far as it is known at an instant.
export function fateOf(m: Pick<Letter, "sent" | "due" | "lost">, edge: number): string {
  if (m.lost >= 0 && m.lost <= m.sent) return "lost as it was sent";
  if (m.lost >= 0) return `lost at ${exact(m.lost)}`;
  return m.due > edge ? "on its way" : "arrived";
}

// messageText is a message in a sentence.
export function messageText(kind: string, from: string, to: string, m: Pick<Letter, "sent" | "due" | "lost">, edge: number): string {
  const took = milliseconds(m.due - m.sent);
  return `${kindOf(kind)} from ${from} to ${to}: sent at ${exact(m.sent)}, ${m.lost >= 0 ? `was due at ${exact(m.due)}` : `due at ${exact(m.due)} (${took})`}, ${fateOf(m, edge)}`;
}

const outcomes: Record<Deed["outcome"], string> = { pending: "under way", ok: "answered", fail: "refused: nothing was applied", info: "no answer: it may have been applied" };

// outcomeOf says how an operation ended, and after that what its client read.
export function outcomeOf(d: Pick<Deed, "outcome" | "stale" | "says">, lost = false): string {
  const ended = lost ? "answered, and lost since" : d.stale && d.outcome === "ok" ? "answered, stale" : outcomes[d.outcome];
  return d.says ? `${ended} (${d.says})` : ended;
}

// deedText is an operation in a sentence.
export function deedText(d: Deed, who: string, lost: boolean): string {
  const span = d.end < 0 ? `since ${exact(d.start)}` : `${exact(d.start)} to ${exact(d.end)}`;
  return `${opLabel(d)} on ${d.key} by ${who}: ${span}, ${outcomeOf(d, lost)}`;
}

// tickOf writes a time on the axis, as finely as its steps are.
export function tickOf(at: number, step: number): string {
  return seconds(at, step >= 1e6 ? 0 : step >= 1e5 ? 1 : step >= 1e4 ? 2 : step >= 1000 ? 3 : 4);
}

// Looking into things.

export const inspect = {
  lane: "Lane",
  node: "Node",
  choose: "choose a node",
  nothing: "Choose a node here or in its menu on the stage, or click a message on its way. In the space-time diagram messages and operations can be chosen too.",
  asking: "Asking …",
  refused: (reason: string) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  title: (what: string, lane: string) => `${what} in ${laneName(lane)}`,
  at: (us: number) => `as of ${exact(us)}`,
  raw: "Raw state",
  state: "State",
  timers: "Timers",
  peers: "What it thinks of the others",
  log: "Log",
  logNote: (durable: number, commit: number) => `On disk up to ${durable}, committed up to ${commit}. Latest first.`,
  keys: "What it holds",
  disk: "Disk",
  streams: "Connections",
  carries: "What it carries",
  answer: "Answer",
  where: "Where the write is",
  none: "none",
  back: "Clear",
} as const;

export const columns = {
  timers: ["Timer", "About", "Set at", "Ends at", "Left"],
  log: ["Index", "Term", "Operation", "Key", "Value", "State"],
  keys: ["Key", "Value", "Versions", "Clock"],
  streams: ["Peer", "State", "Not acknowledged", "Waiting", "Round trip", "Timeout", "Heard"],
} as const;

export const names = {
  role: "role", term: "term", value: "shows", down: "down", paused: "stands still", lead: "takes for its leader", dead: "takes for dead", siblings: "side by side",
  unsynced: "records not yet being written", flushing: "records being written", waits: "waiting for the disk", forgets: "keeps nothing over a crash",
  kind: "kind", from: "from", to: "to", sent: "sent", due: "due", state: "state", ended: "arrived or lost",
  does: "does", key: "key", client: "client", asked: "asked last", attempts: "attempts", start: "begun", end: "ended", place: "place among the completed", outcome: "outcome",
  reason: "reason", says: "what its client read", wrote: "wrote", found: "found", foundOf: "which was written by", level: "level", expects: "expects", errand: "part of", others: "operations of the same errand", heldBy: "held by", carriedBy: "on its way in", carries: (key: string) => `write of ${key}`,
} as const;

const states: Record<MessageState, string> = {
  flying: "on its way",
  held: "held before the link",
  received: "received, and not dealt with yet",
  waiting: "lost; its stream will send it again",
  arrived: "arrived",
  lost: "lost",
};

export const stateName = (s: MessageState): string => states[s];
export const stream = (connected: boolean, retrying: boolean): string => (!connected ? "not connected" : retrying ? "sends again" : "connected");
export const logState = (index: number, durable: number, commit: number, own: string): string => [index <= commit ? "committed" : index <= durable ? "on disk" : "in memory", own].filter(Boolean).join(", ");
export const logMarks = { write: "", void: "changes nothing", own: "the protocol’s own" } as const;
export const keyOf = (key: string, hint: string, gone: boolean): string => `${key}${hint ? `, a hint for ${hint}` : ""}${gone ? ", forgotten" : ""}`;
export const versionOf = (value: string, write: number, deleted: boolean, stamp: number | undefined): string =>
  `${deleted ? "deleted" : value}${write > 0 ? ` by operation ${write}` : ""}${stamp === undefined ? "" : `, stamped ${exact(stamp)}`}`;
export const markOf = (node: string, count: number): string => `${node}: ${count}`;
export const span = (us: number): string => (Math.abs(us) >= 1e6 ? seconds(us) : `${(us / 1000).toFixed(us % 1000 === 0 ? 0 : 1)} ms`);

// factText writes a fact's value by its kind; who names nodes and clients by their addresses.
export function factText(f: Fact, who: (addr: number) => string): string {
  switch (f.kind) {
    case "number":
      return String(f.n);
    case "time":
      return exact(f.n);
    case "span":
      return span(f.n);
    case "node":
      return f.n < 0 ? inspect.none : who(f.n);
    case "operation":
      return f.n > 0 ? space.operation(f.n) : inspect.none;
    case "yes":
      return f.n ? "yes" : "no";
    case "text":
      return f.text ?? "";
  }
}

// Delivering by hand.

export const hand = {
  title: "Messages in flight",
  next: "Arrives next",
  later: "Later",
  lost: "Lost",
  by: "Later by",
  about: (what: string, id: number) => `${what}: message ${id}`,
  playing: "Pause the run to decide by hand what becomes of each.",
  pause: "Pause",
  past: "You are looking at the past: go back to live to decide what becomes of messages.",
  live: "Back to live",
  none: "No message is on its way.",
  due: (us: number) => `due in ${span(us)}`,
  more: (n: number) => `and ${plural(n, "more", "more")}`,
} as const;
