// German: a lane's menu, the form that sets a lane, the notice of a new run, and the export menu.
import type * as en from "../lane_words";
import type { Like } from "./like";
import { listed, plural, seconds } from "./words";

export * from "../lane_words";

export const laneMenu: Like<typeof en.laneMenu> = {
  label: (lane) => `${lane}: einrichten`,
  set: "Ändern …",
  add: "Spur hinzufügen …",
  full: (most) => `Spur hinzufügen: höchstens ${most}`,
  left: "Nach links",
  right: "Nach rechts",
  remove: "Entfernen",
  fill: "Allein zeigen",
  unfill: "Alle Spuren zeigen",
};

export const warned: Like<typeof en.warned> = {
  count: (n) => plural(n, "Warnung", "Warnungen"),
  of: (lane, n) => `${lane}: ${plural(n, "Warnung", "Warnungen")}`,
};

export const setupForm: Like<typeof en.setupForm> = {
  add: "Spur hinzufügen",
  change: (lane) => `${lane} ändern`,
  name: "Name",
  protocol: "Protokoll",
  transport: "Verbindungen",
  transportAbout: "Wie Nodes miteinander reden: der Reihe nach und wiederholt wie TCP, oder jede Nachricht für sich wie UDP.",
  transports: { "": "wie im Protokoll", stream: "Streams (TCP)", datagram: "Datagramme (UDP)" },
  usual: (value) => `${value} (Vorgabe)`,
  none: "keine (Vorgabe)",
  first: "die erste (Vorgabe)",
  time: "eine Zeit",
  more: (n) => plural(n, "weitere Einstellung", "weitere Einstellungen"),
  anew: "Der Lauf beginnt neu, mit demselben Seed, denselben Clients und Störungen.",
  goOn: "Jetzt weitermachen",
  fromStart: "Von Anfang an",
  where: "Den neuen Lauf zeigen",
  apply: "Setzen",
  create: "Hinzufügen",
  cancel: "Abbrechen",
  unchanged: "Noch nichts geändert.",
  wait: "Der Lauf beginnt neu …",
  noCatalog: "Die Einstellungen konnten nicht geladen werden.",
};

export const restarted: Like<typeof en.restarted> = {
  goesOn: (until) => `Er geht bei ${seconds(until)} weiter.`,
  dropped: (n) => (n === 1 ? "1 Zeile des Skripts musste weg:" : `${n} Zeilen des Skripts mussten weg:`),
};

export const exports: Like<typeof en.exports> = {
  menu: "Export",
  lane: "Spur",
  all: "Alle Spuren",
  svg: "Bild, SVG",
  png: "Bild, PNG",
  video: (s) => `Letzte ${s} s, Video`,
  noVideo: "Dieser Browser kann kein Video aufnehmen: nimm die Bilder.",
  soon: "Es gibt noch nichts aufzunehmen.",
  recording: "Die letzten Sekunden werden aufgenommen. Der Lauf geht zurück und spielt sie noch einmal.",
  recordingShort: "Aufnahme: Stopp",
  hidden: "Diese Spur ist gerade nicht zu sehen: zeig sie zuerst.",
  failed: "Das Bild konnte nicht gemacht werden.",
  moment: (at) => `bei ${seconds(at)}`,
  made: "Netsplit",
  away: (regions) => (regions.length > 0 ? `${listed(regions)} getrennt` : ""),
};
