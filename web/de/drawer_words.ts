// German: the drawer.
// As in English: tabs, reasonAt.
import { faultName as nameOf } from "../drawer_words";
import type * as en from "../drawer_words";
import type { Like } from "./like";
import { notices } from "./panel_words";
import { deeds } from "./words";

export * from "../drawer_words";

export const drawer: Like<typeof en.drawer> = {
  label: "Verstehen",
  tabs: { story: "Geschichte", charts: "Diagramme", spacetime: "Raum-Zeit", inspect: "Ansehen", script: "Skript", luck: "Glück" },
  open: "Lade öffnen",
  close: "Lade schließen",
  height: "Höhe der Lade",
  loading: "Lädt …",
  failed: notices.unfetched,
  again: "Noch einmal",
  goTo: (moment) => `Den Moment ${moment} zeigen`,
};

export const script: Like<typeof en.script> = {
  label: "Das Szenario dieses Laufs",
  run: "Ausführen",
  shortcut: "Strg+Enter",
  goOn: (moment) => `und ab ${moment} weitermachen`,
  discard: "Änderungen verwerfen",
  ask: "Deine Änderungen an diesem Text gingen verloren.",
  discardNow: "Verwerfen",
  keep: "Behalten",
  download: "Herunterladen",
  open: "Datei öffnen",
  file: "netsplit.txt",
  drop: "Szenario hier fallen lassen",
  loading: "Lädt …",
  unanswered: "Der Server hat nicht geantwortet.",
  running: "Beginnt neu …",
  own: "Dieser Text ist der Lauf selbst und wächst mit dem, was du tust. Ändere ihn, öffne eine Datei oder lass eine hier fallen.",
  edited: "Du hast diesen Text geändert. Was inzwischen geschieht, kommt nicht hinzu.",
  wrong: (line, reason) => (line > 0 ? `Zeile ${line}: ${reason}` : reason),
  tooLong: (bytes, most) => `Der Text hat ${bytes} Bytes; höchstens ${most} sind möglich.`,
};

export const charts: Like<typeof en.charts> = {
  label: "Diagramme. Links und rechts gehen zu einem anderen Moment, Enter zeigt ihn.",
  titles: {
    ok: "Beantwortet je Sekunde",
    fail: "Abgelehnt je Sekunde",
    info: "Ohne Antwort je Sekunde",
    messages: "Nachrichten je Sekunde",
    p50: "Latenz, Median",
    p99: "Latenz, p99",
    age: "Alter veralteter Reads",
    distinct: "Verschiedene Werte",
  },
  none: "–",
  save: "Als PNG speichern",
  file: "netsplit-diagramme.png",
  empty: "Noch ist nichts geschehen.",
  faults: (names) => (names.length > 2 ? `${names.slice(0, 2).join("; ")} und mehr` : names.join("; ")),
  hint: "Klick in ein Diagramm zeigt den Moment.",
};

const comma = (n: number | string): string => String(n).replace(".", ",");

export const figure: typeof en.figure = (metric, v) => {
  if (v === null) return charts.none;
  switch (metric) {
    case "p50":
    case "p99":
      return v >= 1000 ? `${comma((v / 1000).toFixed(2))} s` : `${v < 10 ? comma(v.toFixed(1)) : Math.round(v)} ms`;
    case "age":
      return `${comma(v.toFixed(1))} s`;
    case "distinct":
      return String(v);
    default:
      return v < 10 ? comma(v.toFixed(1)) : String(Math.round(v));
  }
};

export const mark: typeof en.mark = (metric, v) => {
  if (metric === "p50" || metric === "p99") return v >= 1000 ? `${comma(v / 1000)} s` : `${comma(v)} ms`;
  return metric === "age" ? `${comma(v)} s` : comma(v);
};

export const moment: typeof en.moment = (s) => `${comma(s)} s`;

export const faultName: typeof en.faultName = (c, names) => {
  if (c.groups) return nameOf(c, names);
  const where = c.node ?? [c.from, c.to].filter(Boolean).join(c.one_way ? " → " : " – ");
  return [c.lane, where, deeds[c.verb] ?? c.verb].filter(Boolean).join(" ");
};
