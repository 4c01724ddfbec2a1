// German: chance.
import type { Promised, Sense } from "../luck";
import type * as en from "../luck_words";
import type { JobKind } from "../store_luck";
import type { Like } from "./like";
import { laneName, listed, plural, seconds } from "./words";

export type { Figure } from "../luck_words";

export const luck: Like<typeof en.luck> = {
  title: { luck: "War es Zufall?", turning: "Wann stand es fest?", find: "Was würde es brechen?" },
  begin: { luck: "Noch einmal mit anderem Glück", turning: "Zurückblicken", find: "Einen Seed finden, der das bricht" },
  againText: "Lässt dieses Skript, wie es jetzt ist, auf dem Server unter anderen Seeds laufen. Wie oft bricht welches Versprechen?",
  runs: "Läufe",
  seeds: "Seeds",
  turningText: "Geht zu Momenten dieses Laufs zurück und lässt dort anderes Glück weitermachen. Ab wann bricht es trotzdem?",
  of: "Verletzung",
  none: "Dieser Lauf hat noch nichts gebrochen, von dem aus man zurückblicken könnte.",
  findText: "Probiert Seed um Seed, bis ein Versprechen bricht, und lässt dann alles aus dem Skript weg, was es dazu nicht braucht.",
  lane: "Spur",
  promise: "Versprechen",
  cancel: "Abbrechen",
  cancelled: "Wird beendet …",
  busy: "Es wird immer nur eines gezählt.",
  progress: "Fortschritt",
  lost: "Die Verbindung endete vorher. Es ist nichts herausgekommen; beginne noch einmal, sobald der Server wieder da ist.",
  other: "Das gilt für den Lauf vor dem jetzigen.",
  table: "Wie oft welches Versprechen brach, nach Spuren",
  broke: "Gebrochen in",
  figures: "Im Mittel",
  figuresHint: "90 von 100 Läufen lagen zwischen den beiden kleinen Zahlen.",
  never: "nie",
  unknown: (n) => `${n} unbekannt`,
  hereToo: "auch in diesem Lauf gebrochen",
  hereKey: "auch in diesem Lauf gebrochen. Balken: Anteil der Läufe mit seinem 95-%-Intervall. Ein Seed öffnet einen Lauf, der es zeigt.",
  seed: (n) => `Seed ${n}`,
  seedOf: (n, lane, what) => `Den Lauf mit Seed ${n} in einem neuen Tab öffnen: ${laneName(lane)}, ${what}`,
  draftOf: (n) => `Seed ${n}, aus dem Glück`,
  curve: "Wahrscheinlichkeit nach Moment. Links und rechts gehen zu einem anderen Moment, Enter zeigt ihn.",
  curveHint: "Klick auf die Kurve zeigt den Moment.",
  goTo: (at) => `${seconds(at)} zeigen`,
  script: "Das kleinste Skript",
  draft: "Im Skript öffnen",
  open: "In einem neuen Tab öffnen",
  found: "ein kleinstes Skript",
};

export const names: typeof en.names = {
  "lost-write": "verlorener Write",
  "lost-update": "verlorene Änderung",
  damage: "Schaden",
  linearizable: "nicht linearisierbar",
  sequential: "nicht sequenziell",
  causal: "nicht kausal",
  "read-your-writes": "eigener Write fehlt",
  "monotonic-reads": "Reads gingen zurück",
  "monotonic-writes": "Writes durcheinander",
  "writes-follow-reads": "Write vor seiner Ursache",
  "stale-read": "veralteter Read",
  converged: "Replikate am Ende verschieden",
  "gilbert-lynch": "Anfrage ohne Antwort",
};

export const figureNames: Like<typeof en.figureNames> = { answered: "beantwortet", stale_percent: "veraltete Reads", p99: "p99", damage: "Schaden" };

const digits = (n: number, least: boolean): string => String(Number(n.toFixed(least ? 1 : 0))).replace(".", ",");

export const percent: typeof en.percent = (n) => `${digits(n, n < 10 || n > 90)} %`;

export const interval: typeof en.interval = (s) => `${digits(s.low, s.low < 10 || s.low > 90)} bis ${percent(s.high)}`;

export const amount: typeof en.amount = (f, n) => {
  if (f === "p99") return n >= 1000 ? `${(n / 1000).toFixed(2).replace(".", ",")} s` : `${Math.round(n)} ms`;
  return f === "damage" ? digits(n, n < 10) : percent(n);
};

export const spread: typeof en.spread = (f, s) => {
  const [low, high] = [amount(f, s.p5), amount(f, s.p95)];
  const unit = / \S+$/.exec(high)?.[0] ?? "";
  return `${unit && low.endsWith(unit) ? low.slice(0, -unit.length) : low} bis ${high}`;
};

// did is the verb, and what comes last.
const did: Record<Promised, [string, string]> = {
  "lost-write": ["verlor", "einen Write"],
  "lost-update": ["verlor", "eine Änderung"],
  damage: ["endete", "mit Schaden"],
  linearizable: ["war", "nicht linearisierbar"],
  sequential: ["war", "nicht sequenziell"],
  causal: ["war", "nicht kausal"],
  "read-your-writes": ["enthielt", "jemandem den eigenen Write vor"],
  "monotonic-reads": ["ließ", "jemandes Reads in der Zeit zurückgehen"],
  "monotonic-writes": ["wendete", "Writes durcheinander an"],
  "writes-follow-reads": ["wendete", "einen Write vor seiner Ursache an"],
  "stale-read": ["beantwortete", "einen Read mit einem alten Wert"],
  converged: ["hinterließ", "verschiedene Replikate"],
  "gilbert-lynch": ["ließ", "eine Anfrage ohne Antwort"],
};

const senses: Record<Sense, string> = {
  expected: "Hier auch: Das war zu erwarten.",
  "no bad luck": "Hier auch: kein Pech.",
  "some luck": "Hier auch: Glück hatte seinen Anteil.",
  "bad luck": "Hier auch: Pech.",
  "good luck": "Hier bisher nicht: Glück.",
  "not here": "Hier bisher nicht, aber es hätte sein können.",
  usual: "Hier bisher nicht, wie meistens.",
  unsure: "Mehr Läufe würden mehr sagen.",
  unknown: "",
};

export const told: typeof en.told = (lane, p, s, sense) => {
  const runs = s.of === 1 ? "1 Lauf wie diesem" : `${s.of} Läufen wie diesem`;
  if (!p) return `${laneName(lane)} brach in ${runs} kein Versprechen.`;
  return `${laneName(lane)} ${did[p][0]} in ${percent(s.percent)} von ${runs} ${did[p][1]} (${interval(s)}). ${senses[sense]}`.trim();
};

export const kept: typeof en.kept = (list) => `Kam nicht vor: ${listed(list.map((p) => names[p]))}.`;

export const basis: typeof en.basis = (l, r) => {
  const hand = l.by_hand > 0 ? ` ${plural(l.by_hand, "Entscheidung", "Entscheidungen")} über einzelne Nachrichten blieben weg.` : "";
  return `${plural(l.done, "Lauf", "Läufe")}, jeder bis ${seconds(r.end)}, ab Seed ${l.seed}.${hand}`;
};

const reasons: readonly [RegExp, string][] = [
  [/cancelled/, "du hast es abgebrochen"],
  [/are over$/, "seine Zeit war um"],
];

export const cutText: typeof en.cutText = (r, none) => {
  const why = reasons.find(([is]) => is.test(r.cut ?? ""))?.[1] ?? r.cut ?? "";
  return none ? `Zu Ende, bevor etwas gezählt war: ${why}.` : `Früher zu Ende: ${why}. Hier steht, was bis dahin gezählt war.`;
};

export const refused: typeof en.refused = (reason) => ({ lead: "Der Server hat abgelehnt:", reason: `${reason.replace(/^(luck|turning|find): /, "")}.` });

const doing: Record<JobKind, string> = { luck: "Zählt", turning: "Blickt zurück", find: "Sucht" };

export const status: typeof en.status = (j) => {
  if (j.cancelled) return luck.cancelled;
  if (j.before > 0) return `Wartet: Nummer ${j.before} in der Reihe.`;
  return `${doing[j.kind]} …`;
};

export const pace: typeof en.pace = (j) => {
  if (j.total === 0) return "";
  const left = Math.ceil(j.left / 1000);
  return `${j.done} von ${j.kind === "find" ? "höchstens " : ""}${j.total} Läufen${left > 0 ? `, noch etwa ${left} s` : ""}`;
};

export const violation: typeof en.violation = (lane, p) => `${laneName(lane)}: ${names[p]}`;

export const turnText: typeof en.turnText = (t, sure) => {
  const what = sure ? "so gut wie sicher: 95 % brechen es von hier an, bei jedem Glück" : "so wahrscheinlich wie nicht: 50 % brechen es von hier an";
  return t.after < 0 ? `${what}, von Anfang an` : `${what} (es kippte nach ${seconds(t.after)})`;
};

export const factText = "es war eine Tatsache";

export const turningSaid: typeof en.turningSaid = (t, p) => {
  const lead = violation(t.lane, p);
  if (t.sure && t.sure.after < 0) return `${lead}. Es stand von Anfang an fest, bei jedem Glück.`;
  if (t.likely && t.sure) return `${lead}. Ab ${seconds(t.sure.at)} gab es kein Zurück.`;
  if (t.likely && t.likely.after < 0) return `${lead}. Es war von Anfang an wahrscheinlich, und nie sicher, bevor es geschah.`;
  if (t.likely) return `${lead}. Ab ${seconds(t.likely.at)} war es wahrscheinlich, und nie sicher, bevor es geschah.`;
  return `${lead}. Es war nie wahrscheinlich, bevor es geschah: Zufall.`;
};

export const momentText: typeof en.momentText = (at, s) => `${seconds(at)}: ${percent(s.percent)} (${interval(s)}), ${s.count} von ${s.of}`;

export const foundSaid: typeof en.foundSaid = (f, p, cut) => {
  const what = violation(f.lane, p);
  const seeds = plural(f.tried, "Seed", "Seeds");
  if (!f.found) return cut ? `${what}: bei ${seeds}, die probiert wurden, nicht.` : `${what}: bei keinem von ${seeds}.`;
  const commands = plural(f.before, "Befehl", "Befehle");
  const small = f.before === f.after ? `Von ${commands} kann keiner wegbleiben.` : `Aus ${commands} ${f.after === 1 ? "wurde 1" : `wurden ${f.after}`}.`;
  const more = f.before === f.after ? "" : f.minimal ? f.after === 1 ? " Den braucht es." : " Davon kann keiner wegbleiben." : " Für mehr blieb keine Zeit.";
  return `${what}: mit Seed ${f.seed}, nach ${plural(f.tried, "Versuch", "Versuchen")}, bei ${seconds(f.at)}. ${f.before === 0 ? "Es braucht dazu keinen Befehl." : small + (f.after === 0 ? "" : more)}`;
};
