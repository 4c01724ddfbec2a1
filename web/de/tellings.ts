// German: what happened, in sentences.
import type { Telling } from "../tellings";
import type { Command, Loss, Story, Told } from "../wire";
import { rules } from "./panel_words";
import { amount, listed, money, plural, seconds, unit } from "./words";

export * from "../tellings";

const writes = (n: number): string => plural(n, "Write", "Writes");
const areLost = (n: number): string => plural(n, "Nachricht geht", "Nachrichten gehen");

export function tell(s: Story, t: Telling): string {
  const node = t.nodes[s.node] ?? "";
  const peer = t.nodes[s.peer] ?? "";
  const primary = (t.mode ?? t.protocol) === "primary";
  const group = (t.mode ?? t.protocol) === "group";
  switch (s.kind) {
    case "partition":
      return tellPartition(t, s.n);
    case "heal":
      return "Alle Regionen sind daheim: jedes Kabel trägt wieder Nachrichten.";
    case "machine":
    case "operator":
    case "hand":
      return tellLinks(t.commands, 0);
    case "links":
      return tellLinks(t.commands, s.n);
    case "campaign":
      return primary ? `Niemand hat die Lease: ${node} sieht nach, ob es übernehmen kann.` : `${node} fragt, ob die anderen es in Term ${s.n} wählen würden.`;
    case "elected":
      if (group) return `${node} ist der Primary der Gruppe.`;
      return primary ? `${node} ist der Primary, auf Timeline ${s.n}.` : `${node} ist gewählt und führt in Term ${s.n}.`;
    case "deposed":
      return primary ? `${node} tritt ab: es war der Primary auf Timeline ${s.n}.` : `${node} erfährt, dass es nicht mehr führt: sein Term ${s.n} ist vorbei.`;
    case "missed":
      return `Nachricht ${s.n} ist nicht unterwegs: was über sie entschieden wurde, bleibt ohne Wirkung.`;
    case "rewound":
      return `${node} gibt ${writes(s.n)} auf, die nur sein eigenes Log hatte, und folgt ${peer}.`;
    case "out":
      if (group) return `${node} hat die Gruppe verlassen: es wurde ausgeschlossen oder sah zu lange keine Mehrheit.`;
      return `${node} bleibt draußen: sein Log hat ${writes(s.n)}, die ${peer} nicht hat.`;
    case "alone":
      return `${node} wartet nicht mehr auf seine Standbys${s.n > 0 ? ` und beantwortet ${plural(s.n, "Commit, der wartete", "Commits, die warteten")}` : ""}.`;
    case "waits":
      return `${node} wartet auf seine Standbys, bevor es antwortet.`;
    case "members":
      return `${node} geht nach anderen Mitgliedern: ${plural(s.n, "Stimme", "Stimmen")} im Ganzen, bei einer laufenden Änderung doppelt gezählt.`;
    case "snapshot":
      return `${node} war zu lange weg, um das Log zu bekommen: es nimmt den Snapshot von ${peer || "seinem Leader"} bis Eintrag ${s.n}.`;
    case "suspect":
      if (group) return `${node} hat ${seconds(s.n)} nichts von ${peer} gehört: ${peer} ist für es UNREACHABLE.`;
      return `${node} hat ${seconds(s.n)} nichts von ${peer} gehört und hält es für ausgefallen.`;
    case "trust":
      return `${node} hört ${peer} wieder.`;
    case "reset":
      return `${node} hat seine Verbindung zu ${peer} aufgegeben${s.n > 0 ? `: ${plural(s.n, "Nachricht", "Nachrichten")} weg` : ""}.`;
    case "dialed":
      return `${node} ist wieder mit ${peer} verbunden.`;
    case "told":
      return s.told ? tellTold(s.told, t.clients?.[s.told.client] ?? "") : "";
    case "lost":
      return s.loss ? tellLoss(s.loss, t.regions, t.protocol) : `Operation ${s.n} war bestätigt, und kein Replikat hat sie mehr.`;
    case "violated":
      return tellViolation(s, t.regions);
  }
}

function tellTold(told: Told, who: string): string {
  const reads = told.kind === "read";
  const what = reads ? "beim Read" : "beim Write";
  const unknown = reads ? `erfährt ${what} nichts` : `erfährt ${what} nicht, ob er wirkte`;
  return `${who} ${told.outcome === "fail" ? `wird ${what} abgelehnt` : told.outcome === "info" ? unknown : `bekommt ${what} eine Warnung`}:`;
}

function tellViolation(s: Story, regions: readonly string[]): string {
  const f = s.find;
  if (!f) return `Nicht linearisierbar: nach Operation ${s.n} erklärt keine Reihenfolge der Operationen alle Antworten.`;
  const found = `${regions[f.client] ?? ""} bekam um ${seconds(f.at)} ${amount(f.value)} gesagt`;
  const other = regions[f.by] ?? "";
  const known = f.shown ? `${other} schon um ${seconds(f.known)} ${amount(f.newer)} gesagt bekam` : `der Write von ${amount(f.newer)} aus ${other} schon um ${seconds(f.known)} bestätigt war`;
  return `Nicht linearisierbar: ${found}, obwohl ${known}.`;
}

function tellLinks(commands: readonly Command[], lost: number): string {
  const changes = commands.flatMap((c) => linkWords[c.verb]?.(c, ends(c)) ?? []);
  const text = changes.join("; ");
  const named = commands.some((c) => c.node && text.startsWith(c.node)); // names stay as they are
  const said = named ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return lost === 0 ? `${said}.` : `${said}: ${areLost(lost)} verloren.`;
}

function ends(c: Command): string {
  if (!c.from || !c.to) return "überall";
  if (c.from === c.to) return `innerhalb von ${c.from}`;
  return c.one_way ? `von ${c.from} nach ${c.to}` : `zwischen ${c.from} und ${c.to}`;
}

const oddsOf = (millionths: number | undefined): string => `${String((millionths ?? 0) / 10_000).replace(".", ",")} %`;
const by = (c: Command): string => seconds(c.by ?? 0);

const linkWords: Partial<Record<Command["verb"], (c: Command, where: string) => string>> = {
  cut: (_, where) => `die Verbindungen ${where} sind gekappt`,
  mend: (_, where) => `die Verbindungen ${where} sind geflickt`,
  hold: (_, where) => `Nachrichten ${where} werden angehalten`,
  release: (_, where) => `Nachrichten ${where} werden freigegeben`,
  drop: (c, where) => `${oddsOf(c.chance)} der Nachrichten ${where} gehen verloren`,
  duplicate: (c, where) => `${oddsOf(c.chance)} der Nachrichten ${where} kommen doppelt an`,
  reorder: (c, where) => `${oddsOf(c.chance)} der Nachrichten ${where} werden bis zu ${by(c)} zurückgehalten`,
  delay: (c, where) => `Nachrichten ${where} brauchen ${by(c)} länger`,
  deliver: (c) => `von Hand: Nachricht ${c.message} kommt jetzt an`,
  lose: (c) => `von Hand: Nachricht ${c.message} geht verloren`,
  postpone: (c) => `von Hand: Nachricht ${c.message} braucht ${by(c)} länger`,
  promote: (c) => `ein Operator macht ${c.node} zum Primary`,
  rejoin: (c) => `ein Operator lässt ${c.node} dem Primary folgen`,
  cancel: (c) => `ein Operator beendet das Warten von ${c.node} auf seine Standbys`,
  crash: (c) => `${c.node} stürzt ab: sein Speicher ist weg, seine Platte bleibt`,
  exit: (c) => `der Prozess von ${c.node} endet: sein Speicher ist weg, seine Platte bleibt, und die anderen erfahren es`,
  wipe: (c) => `${c.node} stürzt ab, und seine Platte wird geleert`,
  transfer: (c) => `ein Operator lässt den Leader an ${c.node} übergeben`,
  members: (c) => `ein Operator macht ${listed(c.members ?? [])} zu den Mitgliedern`,
  restart: (c) => `${c.node} startet neu von seiner Platte`,
  pause: (c) => `${c.node} steht still`,
  resume: (c) => `${c.node} macht weiter`,
  slow: (c) => `${c.node} braucht ${by(c)} für jede Nachricht`,
  skew: (c) => `die Uhr von ${c.node} geht ${seconds(Math.abs(c.by ?? 0))} ${(c.by ?? 0) < 0 ? "nach" : "vor"}`,
  drift: (c) => (c.rate ? `die Uhr von ${c.node} läuft ${Math.abs(c.rate)} ppm zu ${c.rate < 0 ? "langsam" : "schnell"}` : `die Uhr von ${c.node} läuft genau`),
  fsync: (c) => (c.stuck ? `die Platte von ${c.node} hängt` : `die Platte von ${c.node} braucht ${by(c)} für jedes fsync`),
};

function tellPartition(t: Telling, lost: number): string {
  const who = moved(t.were, t.away);
  return lost === 0 ? `${who}.` : `${who}: ${areLost(lost)} auf den Kabeln verloren.`;
}

function moved(were: readonly string[], away: readonly string[]): string {
  const home = were.filter((r) => !away.includes(r));
  const left = away.filter((r) => !were.includes(r));
  const still = away.filter((r) => were.includes(r));
  const does = (who: readonly string[], one: string, many: string) => `${listed(who)} ${who.length > 1 ? many : one}`;
  const too = still.length > 0 ? " auch" : "";
  const parts: string[] = [];
  if (home.length > 0) parts.push(does(home, "kommt heim", "kommen heim"));
  if (left.length > 0) parts.push(does(left, `treibt${too} davon`, `treiben${too} davon`));
  if (parts.length === 0) return "Die Regionen sind neu getrennt";
  if (home.length > 0 && still.length > 0) parts.push(does(still, "ist noch getrennt", "sind noch getrennt"));
  return parts.join("; ");
}

function lostThing(l: Loss): string {
  switch (l.kind) {
    case "deposit":
      return `Die Einzahlung von ${money(l.amount)}`;
    case "withdraw":
      return `Die Abhebung von ${money(l.amount)}`;
    case "buy":
      return "Der Kauf";
    case "like":
      return "Das Like";
    case "add":
    case "insert":
      return `Artikel ${l.amount}`;
    case "post":
      return `Beitrag ${l.amount}`;
    case "delete":
      return "Die Löschung";
    case "increment":
      return `Die Erhöhung um ${l.amount}`;
    case "remove":
      return `Das Entfernen von Artikel ${l.amount}`;
    default:
      return `Der Write von ${money(l.amount)}`;
  }
}

function tellLoss(l: Loss, regions: readonly string[], protocol: string): string {
  const whose = regions[l.client] ?? "";
  const first = `${lostThing(l)} aus ${whose}, um ${seconds(l.acked)} mit „ok“ bestätigt, ist weg`;
  const other = regions[l.over_by];
  if (l.over === 0 || other === undefined) return `${first}: an der Stelle steht der Anfangswert ${amount(l.over_value)}.`;
  const parted = l.unseen ? " (die Regionen waren getrennt)" : "";
  const where = other === whose ? "derselben Region" : other;
  const rule = rules[protocol] ? `${rules[protocol]}, und ` : "";
  return `${first}: ${rule}${amount(l.over_value)}, später in ${where} geschrieben, ohne es gesehen zu haben${parted}, steht an der Stelle.`;
}

export const spoken = {
  inLane: (lane: string, text: string) => `${lane}: ${text}${/[.!?…]$/.test(text) ? "" : "."}`,
  own: (who: string, answers: readonly string[]) => `Du, in ${who}: ${answers.join(" ")}`,
  more: (n: number) => `Und ${n} weitere dieser Art.`,
} as const;

export const everyLane = "alle Spuren";
const doings: Record<string, string> = { dollars: "zahlen ein, heben ab", pieces: "kaufen", items: "legen Artikel dazu", likes: "liken", posts: "schreiben Beiträge" };
export const noStory = () => `Die Clients ${doings[unit] ?? "schreiben"} und schauen nach. Trenne eine Region von den anderen und sieh, was sie zu hören bekommen.`;
