// German: figures, verdicts, controls, notices and the help around the stages.
// As in English: toneOf, nothing, share, named.
import type * as en from "../panel_words";
import { named, nothing, share } from "../panel_words";
import type { Like } from "./like";
import { listed, money, plural } from "./words";

export * from "../panel_words";

export const rules: Record<string, string> = { gossip: "der letzte Write gilt", quorum: "der letzte Write gilt" };

export const after: typeof en.after = (m) => `nach dem Vorbild von ${named(m)}`;

export const afterAll: typeof en.afterAll = (m) => `N${after(m).slice(1)}: ${m.configuration}`;

export const protocolOf: typeof en.protocolOf = (lane) => {
  if (lane.modelled) return [after(lane.modelled), ...(lane.knobs ?? []).map((k) => `${k.name} ${k.value}`)].join(" · ");
  const name = lane.protocol === "raft" ? "Raft" : lane.protocol;
  const knobs = (lane.knobs ?? []).filter((k) => k.name !== "leader").map((k) => `${k.name.replace(/-/g, " ")} ${k.value}`);
  const what = [...(name === lane.name ? [] : [name]), ...knobs].join(" · ");
  const merges = (lane.knobs ?? []).some((k) => k.name === "conflict" && !k.value.startsWith("lww"));
  return [what, merges ? "" : rules[lane.protocol]].filter(Boolean).join(", ");
};

const lostWrites = (n: number): string => plural(n, "Write verloren", "Writes verloren");

export const verdictOf: typeof en.verdictOf = (v, s) => {
  if (s.operations === 0) return "noch niemand hat eine Antwort";
  const parts: string[] = [];
  if (s.lost_writes > 0) parts.push(lostWrites(s.lost_writes));
  if (v.linearizable === "no") parts.push(parts.length > 0 ? "nicht linearisierbar" : `nicht linearisierbar seit Operation ${v.violation_at}`);
  if (v.linearizable === "unknown") parts.push("linearisierbar? noch offen");
  if (v.linearizable === "yes" && parts.length === 0) parts.push(`bisher linearisierbar, ${plural(v.covers, "Operation", "Operationen")}`);
  return parts.join(", ");
};

export const badgeOf: typeof en.badgeOf = (v, s) => [...(s.lost_writes > 0 ? [lostWrites(s.lost_writes)] : []), ...(v.linearizable === "no" ? ["nicht linearisierbar"] : [])].join(", ");

export const scoreNames: Like<typeof en.scoreNames> = {
  answered: "beantwortet",
  stale: "veraltet",
  lost: "verloren",
  p99: "p99",
  expected: "Soll",
  held: "Replikate",
  damage: "Schaden",
};

export const definitions: [string, string][] = [
  ["beantwortet", "Anteil der abgeschlossenen Anfragen, die eine Antwort bekamen. „Abgelehnt“ und „keine Antwort“ sind keine Antworten; „zu wenig Geld“ ist eine."],
  ["keine Antwort", "Der Client hat vergeblich gewartet: 2 s, wenn der Lauf nichts anderes sagt. Der Write kann gewirkt haben oder noch wirken."],
  ["abgelehnt", "Das Replikat hat es sofort gesagt. Nichts wurde geschrieben."],
  ["veralteter Read", "Ein Read, der einen älteren Wert bekam als einen, der schon vor Beginn des Reads bestätigt war."],
  ["verlorener Write", "Ein Write, dessen Client „ok“ gehört hat und den kein Replikat, kein Log und keine Nachricht unterwegs mehr hat, auch nichts, was darauf aufbaut."],
  ["p99", "99 von 100 Anfragen dauerten nicht länger. Eine ohne Antwort zählt mit ihrer ganzen Wartezeit: 2 s, wenn der Lauf nichts anderes sagt."],
  ["linearisierbar", "Eine einzige Reihenfolge der Operationen, die die Zeit achtet, erklärt alle Antworten. Ein Prüfer sucht sie nach jeder Antwort."],
  ["Soll", "Was die Replikate nach allem, was den Clients gesagt wurde, halten müssten. Was keine Antwort hatte, macht daraus einen Bereich."],
  ["Schaden", "Was nach der Regel der Anwendung selbst falsch ist, über das Soll hinaus: Geld fehlt oder ist zu viel, mehr verkauft als vorhanden, Likes, Artikel oder Beiträge weg. Außer Verkäufen zählt alles erst, wenn die Replikate einig sind."],
];

// What the figures ask for is named in English.
const english: Record<string, string> = { answered: "beantwortet", "stale read": "veralteter Read", "lost write": "verlorener Write", books: "Soll", damage: "Schaden", "no answer": "keine Antwort", refused: "abgelehnt", linearizable: "linearisierbar" };

export const definition: typeof en.definition = (of) => definitions.find(([name]) => name === (english[of] ?? of))?.[1] ?? "";

export const percent: typeof en.percent = (s) => (s.operations === 0 ? nothing : `${share(s)} %`);

export const latency: typeof en.latency = (ms) => {
  const text = ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  return text.replace(".", ",");
};

export const expectedOf: typeof en.expectedOf = (s) => (s.books.low === s.books.high ? money(s.books.low) : `${money(s.books.low)}–${money(s.books.high)}`);
export const heldOf: typeof en.heldOf = (s) => (s.books.agreed ? money(s.books.held) : "uneins");
export const damageOf: typeof en.damageOf = (s) => s.books.damage_text ?? "keiner";

export const untitled = "Ein Lauf aus einem Link";

export const controls: Like<typeof en.controls> = {
  label: "Steuerung",
  play: "Abspielen",
  time: "Zeit",
  live: "Zurück zu live",
  ended: "der Lauf ist zu Ende",
  slowed: "langsamer als eingestellt: Dieser Lauf verlangt mehr, als der Server einem Raum gibt",
  faults: "Trennen",
  partition: (region) => `${region} trennen`,
  heal: "Heilen",
  healing: "Jede Region kommt heim, jedes Kabel wird geflickt",
  you: "Du bist in",
  region: "Deine Region",
  value: "Zahl zum Schreiben",
  write: "Schreiben",
  read: "Lesen",
  lanes: "Spuren",
  awayBand: (regions) => `${listed(regions)} getrennt`,
  story: "Geschichte",
  why: "warum?",
  whyOf: (what) => `Warum? ${what}`,
  close: "Schließen",
  dismiss: "Weg damit",
  undo: "Rückgängig",
};

export const tools: Like<typeof en.tools> = {
  theme: { system: "Farben: wie das System", light: "Farben: hell", dark: "Farben: dunkel" },
  help: "Hilfe",
  other: "en",
  otherName: "English",
};

export const notices: Like<typeof en.notices> = {
  label: "Hinweise",
  remark: (reason) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  rejected: (reason) => `Nicht ausgeführt. ${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  connecting: "Verbinde …",
  lost: "Keine Verbindung zum Server.",
  retry: (s) => (s > 0 ? `Neuer Versuch in ${s} s.` : "Neuer Versuch …"),
  retryNow: "Jetzt versuchen",
  waits: (reason) => `Der Server hat noch keinen Raum frei: ${reason}.`,
  refusedRoom: (reason) => `Der Server hat den Raum nicht geöffnet: ${reason}.`,
  anew: "Einen neuen Raum öffnen",
  healed: (parted, cables) =>
    [parted ? "Jede Region ist daheim" : "", cables > 0 ? `${cables === 1 ? "1 Kabel ist" : `${cables} Kabel sind`} geflickt` : ""].filter(Boolean).join("; ").replace(/^$/, "Alle Leitungen sind geflickt") + ".",
  notSent: "Nicht gesendet: keine Verbindung zum Server.",
  watching: "Du siehst nur zu. Um etwas zu tun, mach dir eine eigene Kopie, oder bitte um die Steuerung.",
  unfetched: "Dieser Teil der Seite ließ sich nicht laden.",
  counted: "Das Zählen ist zu Ende: siehe Glück.",
};

export const closings: Record<number, string> = {
  1007: "dieser Link ist nicht lesbar",
  1008: "dieser Link ist nicht für diesen Server",
  1009: "dieser Link ist zu lang für diesen Server",
};

export const help: Like<typeof en.help> = {
  title: "Wie man das liest",
  intro:
    "Mehrere Datenbanken bedienen dieselben Clients über dieselben Kabel, mit demselben Glück. Sie unterscheiden sich darin, was sie tun, wenn Regionen nicht miteinander reden können. Nichts ist gestellt: jede Nachricht wird simuliert, und ein Prüfer urteilt.",
  steps: [
    "Zieh eine Region weg: ihre Kabel reißen in jeder Spur. Zieh sie heim: sie heilen. Mit der Tastatur: Region wählen, Enter drücken.",
    "Sieh auf die Leute: ✓ wurde beantwortet, ? blieb ohne Antwort, ein durchgestrichener Kreis wurde abgelehnt, eine Uhr bekam Veraltetes.",
    "Gleiche Werte haben gleiche Farben. Wo sich die Farben unterscheiden, sind die Replikate uneins.",
    "Ein gestrichelter grauer Kreis ist eine ausgefallene Maschine; er zeigt, was auf ihrer Platte steht. Zwei Balken: sie steht still.",
    "Eine Krone trägt der Leader. Eine hohle Krone weiß noch nicht, dass sie nicht mehr führt.",
    "Klick auf das Urteil einer Spur oder drück v: was geprüft wurde, was schiefging und warum: welche Nachrichten, welche Störung.",
    "Sei selbst ein Client: wähl deine Region, schreib einen Wert, lies ihn anderswo.",
    "Unter Datenbanken stehen PostgreSQL, Cassandra, Spanner und andere, mit allem, was ihre Hersteller dokumentieren, jedes als Szenario. Jede Spur kann eine davon sein: wähl sie im Menü der Spur unter Ändern.",
  ],
  packets: "Formen auf der Bühne",
  legend: "Jede Art von Nachricht hat ihre eigene Form, und Ringe, Streifen und Zeichen sagen, womit ein Replikat beschäftigt ist. Drück jederzeit l, oder",
  openLegend: "öffne die Legende",
  terms: "Was die Zahlen bedeuten",
};
