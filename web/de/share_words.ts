// German: links, files that come and go, and what is wrong with them.
// As in English: forms, isUnopened, whyUnopened.
import { drawer } from "./drawer_words";
import type * as en from "../share_words";
import type { Like } from "./like";
import { laneName, listed, plural, seconds } from "./words";

export * from "../share_words";

export const shareOpen = "Teilen";

export const share: Like<typeof en.share> = {
  title: "Teilen",
  link: "Link",
  copy: "Kopieren",
  copied: "Kopiert.",
  byHand: "Er ist markiert: kopier ihn mit Strg+C.",
  loading: "Der Link entsteht …",
  failed: "Der Server hat nicht geantwortet.",
  again: "Noch einmal",
  moment: (at) => `In diesem Moment, ${seconds(at)}`,
  view: (what) => `Mit dieser Ansicht: ${what}`,
  noView: "Mit dieser Ansicht: neben den Spuren ist nichts offen",
  size: (n) => plural(n, "Zeichen", "Zeichen"),
  whole: (commands, engine) =>
    `Der Link selbst enthält den ganzen Lauf: sein Szenario, ${commands === 0 ? "das keine Befehle hat," : commands === 1 ? "seinen einen Befehl" : `seine ${commands} Befehle`} und Engine ${engine}. Überall geöffnet läuft er gleich, Bit für Bit.`,
  kept: (commands) =>
    `Dieser Lauf hat ${plural(commands, "Befehl", "Befehle")}, zu viel für einen Link. Dieser Server bewahrt ihn für den Link auf, im Speicher: bis er neu startet oder neuere Läufe den Platz brauchen. Soll er länger bleiben, sichere ihn als Datei.`,
  draft: "Was du am Skript geändert hast, ist nicht dabei: führ es erst aus.",
  file: "Als Datei sichern",
};

export const viewOf: typeof en.viewOf = (lane, alone, tab, why) => {
  const parts = [why ? `warum, ${laneName(lane)}` : alone && lane ? `${laneName(lane)} allein` : "", tab ? drawer.tabs[tab] : ""];
  return listed(parts.filter(Boolean));
};

export const link: Like<typeof en.link> = {
  broken: "Dieser Link lässt sich nicht öffnen:",
  instead: "An seiner Stelle steht die übliche Geschichte.",
  tooLong: (n) => `Dieser Link ist zu lang für diesen Server: er hat ${n} Zeichen.`,
  bad: (parts) => `Nicht verstanden und weggelassen hat die Seite in diesem Link: ${parts.join(", ")}.`,
  bound: (at) => `Unterwegs zu ${seconds(at)} …`,
  save: "Öffnen, was lesbar ist",
  saved: "das, was von dem Link lesbar war",
};

export const incoming: Like<typeof en.incoming> = {
  drop: "Loslassen öffnet es als Szenario",
  file: (name) => `die Datei ${name}`,
  pasted: "das Eingefügte",
  dropped: "das, was du fallen gelassen hast",
  from: (where) => `Dieser Text ist ${where}. Führ ihn aus, um ihn zu sehen.`,
  renewed: (where, made, now) => `Dieser Text ist ${where}. Ihn hat Engine ${made} gemacht; dies ist Engine ${now}, und es kann anders kommen. Führ ihn aus, um ihn zu sehen.`,
  binary: (name) => `Nicht geöffnet: ${name} ist kein Text.`,
  large: (name, bytes, most) => `Nicht geöffnet: ${name} hat ${bytes} Bytes, ein Szenario höchstens ${most}.`,
  empty: (name) => `Nicht geöffnet: ${name} ist leer.`,
  unreadable: (name) => `Nicht geöffnet: ${name} lässt sich nicht lesen.`,
  several: (n) => `Nicht geöffnet: das sind ${n} Dateien. Lass nur eine fallen.`,
  nothing: "Das ist weder ein Szenario noch ein Link zu einem Lauf.",
};

export const histories: Like<typeof en.histories> = {
  title: "Verlauf",
  forms: { jepsen: "Für Jepsen, EDN", porcupine: "Seite von Porcupine, HTML", shiviz: "Für ShiViz, Log", jsonl: "Alle Ereignisse, JSON-Zeilen" },
  busy: "Läuft noch einmal …",
  stop: "Export abbrechen",
  refused: "Nicht exportiert:",
  unanswered: "Nicht exportiert: der Server hat nicht geantwortet.",
  oneLane: "Jepsen und Porcupine nehmen eine Spur: wähl sie oben.",
};

export const trace: Like<typeof en.trace> = {
  at: (at) => `Trace bei ${seconds(at)}:`,
  about: "Der Hash von allem, was geschah. netsplit run gibt für diesen Text denselben aus.",
};
