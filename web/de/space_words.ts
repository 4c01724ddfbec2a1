// German: the space-time diagram, what is looked into, and messages delivered by hand. Roles, levels, reasons and what
// servers answer are in English.
// As in English: tickOf, markOf.
import type * as en from "../space_words";
import type { Deed } from "../archive";
import type { MessageState, Verb } from "../wire";
import { exact, opLabel } from "./causes_words";
import type { Like } from "./like";
import { laneName, listed, milliseconds, plural, seconds } from "./words";

export * from "../space_words";

const faults: Partial<Record<Verb, string>> = { cut: "gekappt", hold: "angehalten", crash: "ausgefallen", exit: "ausgefallen", wipe: "geleert", pause: "steht still" };

const kinds: Record<string, string> = {
  request: "Anfrage",
  reply: "Antwort",
  replicate: "Replikation",
  ack: "Bestätigung",
  vote: "Wahl",
  heartbeat: "Herzschlag",
  gossip: "Gossip",
  repair: "Reparatur",
  hint: "Hint",
};

export const kindOf: typeof en.kindOf = (kind) => kinds[kind] ?? kind;

export const space: Like<typeof en.space> = {
  label: (lane) => `Raum-Zeit-Diagramm von ${laneName(lane)}: die Zeit läuft nach rechts, Nachrichten sind Pfeile zwischen Nodes, Operationen sind Balken auf den Linien ihrer Clients`,
  help: "Pfeiltasten bewegen, + und − zoomen, Pos1 zeigt den Anfang, Ende folgt dem Lauf, Enter zeigt den Moment des Gewählten. Die Liste darunter sagt dasselbe in Worten.",
  client: (n) => (n > 0 ? `Client ${n}` : "Client"),
  bar: (what, tone) => (tone === "stale" ? `${what}, veraltet` : tone === "gone" ? `${what}, verloren` : what),
  away: (regions) => `${listed(regions)} getrennt`,
  fault: (verb, of) => `${listed(of)} ${verb === "pause" && of.length > 1 ? "stehen still" : (faults[verb] ?? verb)}`,
  lane: "Spur",
  place: "Zeigen",
  everywhere: "alle Regionen",
  key: "Operationen auf",
  anyKey: "alle Schlüssel",
  kinds: "Nachrichten",
  follow: "Folgen",
  closer: "Näher",
  wider: "Weiter",
  save: "Als SVG speichern",
  file: (lane) => `netsplit-${lane}-raum-zeit.svg`,
  list: "Als Liste",
  counts: (messages, operations) => `${plural(messages, "Nachricht", "Nachrichten")} und ${plural(operations, "Operation", "Operationen")} zu sehen`,
  most: (n) => `Von beiden die ersten ${n}.`,
  columns: { what: "Was", from: "Von", to: "An", begun: "Gesendet oder begonnen", ended: "Fällig oder beendet", fate: "Was daraus wurde" },
  inspect: "Ansehen",
  moment: "Den Moment zeigen",
  nothing: "Zeig auf eine Nachricht oder Operation, um zu lesen, was sie ist; ein Klick wählt sie.",
  message: (id) => `Nachricht ${id}`,
  operation: (id) => `Operation ${id}`,
};

export const fateOf: typeof en.fateOf = (m, edge) => {
  if (m.lost >= 0 && m.lost <= m.sent) return "beim Senden verloren";
  if (m.lost >= 0) return `verloren bei ${exact(m.lost)}`;
  return m.due > edge ? "unterwegs" : "angekommen";
};

export const messageText: typeof en.messageText = (kind, from, to, m, edge) => {
  const due = m.lost >= 0 ? `wäre fällig gewesen bei ${exact(m.due)}` : `fällig bei ${exact(m.due)} (${milliseconds(m.due - m.sent)})`;
  return `${kindOf(kind)} von ${from} an ${to}: gesendet bei ${exact(m.sent)}, ${due}, ${fateOf(m, edge)}`;
};

const outcomes: Record<Deed["outcome"], string> = { pending: "läuft noch", ok: "beantwortet", fail: "abgelehnt: nichts geschrieben", info: "keine Antwort: sie kann gewirkt haben" };

export const outcomeOf: typeof en.outcomeOf = (d, lost = false) => {
  const ended = lost ? "beantwortet, und seither verloren" : d.stale && d.outcome === "ok" ? "beantwortet, veraltet" : outcomes[d.outcome];
  return d.says ? `${ended} (${d.says})` : ended;
};

export const deedText: typeof en.deedText = (d, who, lost) => {
  const span = d.end < 0 ? `seit ${exact(d.start)}` : `${exact(d.start)} bis ${exact(d.end)}`;
  return `${opLabel(d)} auf ${d.key} von ${who}: ${span}, ${outcomeOf(d, lost)}`;
};

export const inspect: Like<typeof en.inspect> = {
  lane: "Spur",
  node: "Node",
  choose: "Node wählen",
  nothing: "Wähl einen Node, klick auf eine Nachricht unterwegs, oder halt Alt und klick auf einen Node. Im Raum-Zeit-Diagramm lassen sich auch Nachrichten und Operationen wählen.",
  asking: "Frage …",
  refused: (reason) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  title: (what, lane) => `${what} in ${laneName(lane)}`,
  at: (us) => `Stand ${exact(us)}`,
  raw: "Roher Zustand",
  state: "Zustand",
  timers: "Timer",
  peers: "Was er von den anderen denkt",
  log: "Log",
  logNote: (durable, commit) => `Auf der Platte bis ${durable}, committet bis ${commit}. Das Neueste zuerst.`,
  keys: "Was er hält",
  disk: "Platte",
  streams: "Verbindungen",
  carries: "Was sie trägt",
  answer: "Antwort",
  where: "Wo der Write ist",
  none: "keine",
  back: "Leeren",
};

export const columns: Like<typeof en.columns> = {
  timers: ["Timer", "Worüber", "Gestellt", "Endet", "Noch"],
  log: ["Index", "Term", "Operation", "Schlüssel", "Wert", "Zustand"],
  keys: ["Schlüssel", "Wert", "Versionen", "Uhr"],
  streams: ["Gegenüber", "Zustand", "Unbestätigt", "Wartet", "Umlauf", "Timeout", "Gehört"],
};

export const names: Like<typeof en.names> = {
  role: "Rolle", term: "Term", value: "zeigt", down: "ausgefallen", paused: "steht still", lead: "hält für den Leader", dead: "hält für ausgefallen", siblings: "nebeneinander",
  unsynced: "Einträge, noch nicht im Schreiben", flushing: "Einträge, gerade im Schreiben", waits: "wartet auf die Platte", forgets: "behält nach einem Absturz nichts",
  kind: "Art", from: "von", to: "an", sent: "gesendet", due: "fällig", state: "Zustand", ended: "angekommen oder verloren",
  does: "tut", key: "Schlüssel", client: "Client", asked: "zuletzt gefragt", attempts: "Versuche", start: "begonnen", end: "beendet", place: "Platz unter den abgeschlossenen", outcome: "Ausgang",
  reason: "Grund", says: "was der Client las", wrote: "schrieb", found: "fand", foundOf: "geschrieben von", level: "Stufe", expects: "erwartet", errand: "Teil von", others: "Operationen desselben Auftrags", heldBy: "gehalten von", carriedBy: "unterwegs in", carries: (key) => `Write von ${key}`,
};

const states: Record<MessageState, string> = {
  flying: "unterwegs",
  held: "vor der Verbindung angehalten",
  received: "empfangen, noch nicht bearbeitet",
  waiting: "verloren; ihr Stream sendet sie noch einmal",
  arrived: "angekommen",
  lost: "verloren",
};

export const stateName: typeof en.stateName = (s) => states[s];
export const stream: typeof en.stream = (connected, retrying) => (!connected ? "nicht verbunden" : retrying ? "sendet noch einmal" : "verbunden");
export const logState: typeof en.logState = (index, durable, commit, own) => [index <= commit ? "committet" : index <= durable ? "auf der Platte" : "im Speicher", own].filter(Boolean).join(", ");
export const logMarks: Like<typeof en.logMarks> = { write: "", void: "ändert nichts", own: "vom Protokoll selbst" };
export const keyOf: typeof en.keyOf = (key, hint, gone) => `${key}${hint ? `, ein Hint für ${hint}` : ""}${gone ? ", vergessen" : ""}`;
export const versionOf: typeof en.versionOf = (value, write, deleted, stamp) =>
  `${deleted ? "gelöscht" : value}${write > 0 ? ` von Operation ${write}` : ""}${stamp === undefined ? "" : `, Stempel ${exact(stamp)}`}`;
export const span: typeof en.span = (us) => (Math.abs(us) >= 1e6 ? seconds(us) : `${(us / 1000).toFixed(us % 1000 === 0 ? 0 : 1).replace(".", ",")} ms`);

export const factText: typeof en.factText = (f, who) => {
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
      return f.n ? "ja" : "nein";
    case "text":
      return f.text ?? "";
  }
};

export const hand: Like<typeof en.hand> = {
  title: "Nachrichten unterwegs",
  next: "Kommt als Nächste an",
  later: "Später",
  lost: "Verloren",
  by: "Später um",
  about: (what, id) => `${what}: Nachricht ${id}`,
  playing: "Halt den Lauf an, um von Hand zu entscheiden, was aus jeder wird.",
  pause: "Anhalten",
  past: "Du siehst die Vergangenheit: geh zurück zu live, um über Nachrichten zu entscheiden.",
  live: "Zurück zu live",
  none: "Keine Nachricht ist unterwegs.",
  due: (us) => `fällig in ${span(us)}`,
  more: (n) => `und ${n} mehr`,
};
