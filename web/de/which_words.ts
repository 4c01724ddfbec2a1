// German: which database would hurt least.
import type * as en from "../which_words";
import type { Like } from "./like";
import { laneName, plural } from "./words";

export const which: Like<typeof en.which> = {
  title: "Welche für mich?",
  about: "Sag, wo deine Nutzer sind, was sie tun, was schiefgehen kann und was wehtut. Jede Datenbank hier läuft dann in dieser Welt, so wie man sie betreibt, unter vielen Seeds. Kein Rat: Zahlen, und hinter jeder der Lauf, aus dem sie stammt.",
  world: "Deine Welt",
  regions: "Regionen",
  replicas: "Replicas in jeder",
  workload: "Nutzer",
  rate: "Mal in der Sekunde, jeder",
  reads: "Nur lesen, %",
  keys: "Schlüssel",
  fault: "Was schiefgeht",
  where: "Wo",
  span: "Sekunden lang",
  hurts: "Was wehtut",
  lost: "Bestätigte Writes, die verloren sind",
  stale: "Reads, die veraltet sind um mehr als",
  ms: "ms",
  refusals: "Operationen, die abgelehnt werden oder keine Antwort bekommen",
  latency: "Warten",
  damage: "Geld, Lager oder Beiträge, die nicht stimmen",
  seeds: "Seeds",
  script: "Dasselbe als Szenario",
  scriptHint: "Was hier steht, läuft. Ändere, was du willst: Das Formular schreibt es neu, wenn du das Formular änderst.",
  measure: "Messen",
  cancel: "Abbrechen",
  waiting: "Verbinde …",
  progress: "Wie weit es ist",
  configuration: "Konfiguration",
  impossible: "In dieser Welt nicht möglich:",
  without: "Läuft ohne:",
  ofScenario: "Eine Lane deines Szenarios, zum Vergleich.",
  open: "Öffnen",
  table: "Was gemessen wurde",
  hint: "Jede Zahl öffnet den Lauf, der am meisten wehtat. Eine Spalte wählen sortiert nach ihr.",
  nothing: "Wähle mindestens eines, das wehtut.",
  tooFew: "Wähle mindestens zwei Regionen.",
  lostLine: "Die Verbindung endete, bevor es fertig war.",
  tooLong: "Der Text dieses Laufs ist zu lang für einen Link.",
};

export const faultNames: Like<typeof en.faultNames> = {
  none: "Nichts",
  away: "Eine Region ist weg",
  flapping: "Eine Region kommt und geht",
  oneway: "Eine Region hört niemand, sie hört alle",
  crash: "Eine Maschine stürzt ab",
  pause: "Eine Maschine steht still",
  skew: "Eine Uhr geht eine halbe Sekunde vor",
};

export const hurtNames: Record<string, string> = {
  "lost-writes": "Verlorene Writes je Lauf",
  stale: "Veraltete Reads",
  refusals: "Nicht bedient",
  latency: "Warten, p99",
  "latency-p50": "Warten, Median",
  damage: "Schaden je Lauf",
};

export function heading(name: string, over: number): string {
  return (hurtNames[name] ?? name) + (name === "stale" && over > 0 ? ` über ${over / 1000} ms` : "");
}

export const laneTitle = (lane: string, protocol: string): string => `${laneName(lane)} (${protocol})`;

export function figure(name: string, happens: boolean, mean: number, median: number): string {
  const number = (x: number, digits: number) => x.toFixed(digits).replace(".", ",");
  if (!happens) return `${median >= 100 ? Math.round(median) : number(median, 1)} ms`;
  const text = number(mean, mean !== 0 && mean < 10 ? 2 : 1);
  return name === "stale" || name === "refusals" ? `${text} %` : text;
}

export const often = (count: number, of: number): string => (count === 0 ? `in keinem von ${of}` : `in ${count} von ${of}`);

export const opening = (title: string, what: string, seed: number): string => `${title}, ${what}: den Lauf mit Seed ${seed} öffnen`;

export function basis(done: number, seeds: number, rows: number): string {
  const all = rows * seeds;
  const ran = done < all ? `${done} von ${plural(all, "Lauf", "Läufen")}` : plural(done, "Lauf", "Läufe");
  return `${ran}: ${plural(rows, "Konfiguration", "Konfigurationen")} unter ${plural(seeds, "Seed", "Seeds")}.`;
}

export function pace(done: number, total: number, left: number): string {
  return total === 0 ? "" : `${done} von ${total} Läufen${left > 0 ? `, noch etwa ${Math.max(1, Math.round(left / 1000))} s` : ""}`;
}

export const cut = (why: string): string => `Es endete früher: ${why}. Was hier steht, war bis dahin gemessen.`;

export const tooMuch = (bytes: number, most: number): string => `Das Szenario hat ${bytes} Bytes; höchstens ${most} gehen.`;
