// German: violations. The referee's sentences and clauses are in English.
import type { Kind } from "../causes";
import type * as en from "../causes_words";
import type { CauseView, ModelVerdict, OpView, StepView } from "../wire";
import type { Like } from "./like";
import { amount, deeds, laneName, money, plural, seconds, unit } from "./words";

export * from "../causes_words";

export const why: Like<typeof en.why> = {
  title: (lane, n) => (n > 0 ? `${laneName(lane)}: was schiefging` : `${laneName(lane)}: was geprüft wurde`),
  close: "Schließen",
  list: "Verletzungen",
  checked: "Was geprüft wurde",
  chain: "Wie es dazu kam",
  hint: "Jeder Schritt springt zu seinem Moment.",
  moment: (at) => `Angehalten bei ${exact(at)}.`,
  past: (at) => `Du siehst ${exact(at)}.`,
  live: "Zurück zu live",
  inspect: "Ansehen",
  inspectOf: (step) => `Ansehen: ${step}`,
  uneven: "ein ruhiges Stück, kürzer gezeichnet",
  fine: "Bisher keine Verletzung.",
  fineText: (s) => `Der Prüfer hat ${plural(s.operations, "abgeschlossene Operation", "abgeschlossene Operationen")} angesehen. Er sieht nach jeder wieder nach.`,
  models: "Konsistenzmodelle",
};

export const exact = (us: number): string => seconds(Math.floor(us / 1000) * 1000, 3);

const briefly: Record<Kind, (who: string, what: string) => string> = {
  linearizable: (who) => `falsche Reihenfolge in ${who}`,
  sequential: (who) => `keine gemeinsame Reihenfolge: ${who}`,
  causal: (who) => `Wirkung vor Ursache in ${who}`,
  "read-your-writes": (who) => `eigener Write fehlt in ${who}`,
  "monotonic-reads": (who) => `Reads gingen zurück in ${who}`,
  "monotonic-writes": (who) => `Writes durcheinander aus ${who}`,
  "writes-follow-reads": (who) => `Write vor seiner Ursache: ${who}`,
  "lost-write": (who, what) => `verloren: ${what}, ${who}`,
  "lost-update": (who, what) => `verlorene Änderung: ${what}, ${who}`,
  "stale-read": (who) => `veralteter Read in ${who}`,
};

export function brief(c: Pick<CauseView, "kind" | "op" | "ops">, who: (client: number) => string): string {
  const op = (c.ops ?? []).find((o) => o.id === c.op);
  return briefly[c.kind](op ? who(op.client) : "dieser Spur", op ? opLabel(op) : "Write");
}

function held(n: number): string {
  return unit === "items" || unit === "likes" || unit === "posts" ? amount(n) : money(n);
}

export function opLabel(o: OpView): string {
  const what = opText(o);
  if (o.outcome === "fail") return `${what}: abgelehnt`;
  if (o.outcome === "info") return `${what}: keine Antwort`;
  return o.outcome === "ok" && o.kind === "compare-and-set" && !o.applied ? `${what}: unverändert` : what;
}

function opText(o: OpView): string {
  switch (o.kind) {
    case "read":
      return o.outcome !== "ok" ? "lesen" : o.absent ? "gelesen: kein Wert" : `${held(o.found)} gelesen`;
    case "write":
      return `${held(o.value)} schreiben`;
    case "compare-and-set":
      return `auf ${held(o.value)} ändern`;
    case "delete":
      return "löschen";
    case "increment":
      return `${held(o.value)} dazu`;
    case "add":
      return `Artikel ${o.value} dazu`;
    case "remove":
      return `Artikel ${o.value} weg`;
  }
}

const states: Record<string, string> = { without: "ohne", replaced: "ersetzt", wiped: "gelöscht" };
export const holds: typeof en.holds = (o, fate) => (fate === "held" ? (o ? held(o.value) : "") : (states[fate] ?? fate));

const stepKinds: Record<StepView["kind"], string> = { operation: "Operation", state: "Zustand", message: "Nachricht", fault: "Störung" };
export const stepKind = (s: StepView): string => stepKinds[s.kind];

export const fates: Record<string, string> = { lost: "verloren", late: "spät", overtaken: "überholt", waiting: "noch unterwegs" };

export function diagramLabel(c: CauseView): string {
  const messages = (c.steps ?? []).filter((s) => s.kind === "message");
  const lost = messages.filter((s) => s.fate === "lost").length;
  const parts = [plural((c.ops ?? []).length, "Operation", "Operationen")];
  if (messages.length > 0) parts.push(plural(messages.length, "Nachricht", "Nachrichten") + (lost > 0 ? `, davon ${lost} verloren` : ""));
  if (c.fault) parts.push(`${deeds[c.fault.verb] ?? c.fault.verb} bei ${exact(c.fault.at)}`);
  return `Zeitdiagramm: ${parts.join("; ")}. Die Liste der Schritte sagt dasselbe.`;
}

export const lostMark = "endgültig verloren";

const models: Record<ModelVerdict["model"], [string, string]> = {
  linearizable: ["linearisierbar", "Eine Reihenfolge der Operationen auf jedem Schlüssel erklärt jede Antwort und achtet die Zeit."],
  sequential: ["sequenziell", "Eine Reihenfolge aller Operationen erklärt jede Antwort und behält die jedes Clients bei."],
  causal: ["kausal", "Niemand sieht eine Wirkung ohne ihre Ursache."],
  "read-your-writes": ["eigene Writes lesen", "Wer etwas geschrieben hat, findet es oder etwas Neueres."],
  "monotonic-reads": ["monotone Reads", "Wer etwas gesehen hat, sieht nie etwas Älteres."],
  "monotonic-writes": ["monotone Writes", "Die Writes eines Clients wirken überall in seiner Reihenfolge."],
  "writes-follow-reads": ["Writes nach Reads", "Ein Write kommt überall nach dem, was sein Client gesehen hatte."],
};

export const modelName = (m: ModelVerdict): string => models[m.model][0];
export const modelText = (m: ModelVerdict): string => models[m.model][1];

export const answerOf: typeof en.answerOf = (m, operations) => {
  if (m.answer === "no") return m.violation_at > 0 ? `nein, seit Operation ${m.violation_at}` : "nein";
  if (m.answer === "unknown") return "unbekannt";
  if (operations === 0) return "noch nichts zu prüfen";
  return m.behind > 0 ? `ja, für die ersten ${operations - m.behind} von ${operations}` : "ja";
};
