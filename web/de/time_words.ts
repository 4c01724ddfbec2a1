// German: the transport and the timeline.
// As in English: goals.
import type * as en from "../time_words";
import type { Like } from "./like";
import { laneName, seconds } from "./words";

export * from "../time_words";

export const transport: Like<typeof en.transport> = {
  forward: { event: "Zum nächsten Ereignis", message: "Zur nächsten Nachricht", operation: "Zur nächsten Operation", election: "Zur nächsten Wahl", violation: "Zur nächsten Verletzung", fault: "Zum nächsten Fehler" },
  back: { event: "Zurück zum Ereignis davor", message: "Zurück zur Nachricht davor", operation: "Zurück zur Operation davor", election: "Zurück zur Wahl davor", violation: "Zurück zur Verletzung davor", fault: "Zurück zum Fehler davor" },
  goals: { event: "Ereignis", message: "Nachricht", operation: "Operation", election: "Wahl", violation: "Verletzung", fault: "Fehler" },
  halts: { event: "Ereignis", message: "Nachricht", operation: "Operation", election: "Wahl", violation: "Verletzung", fault: "Fehler", convergence: "alle Replikate einig" },
  underWay: { event: "bis zum Ereignis", message: "bis zur Nachricht", operation: "bis zur Operation", election: "bis zur Wahl", violation: "bis zur Verletzung", fault: "bis zum Fehler", convergence: "bis alle einig sind" },
  menu: (goal) => `Schritt zu: ${goal}. Anderes wählen oder laufen lassen bis zu etwas`,
  steps: "Schritt zu",
  until: "Laufen bis",
  lane: "In",
  anyLane: "jeder Spur",
  speed: "Tempo: virtuelle Sekunden je Sekunde",
  speedOf: (speed) => `${String(speed).replace(".", ",")}×`,
  coming: (at) => `unterwegs zu ${seconds(at)}`,
};

export const rows: Like<typeof en.rows> = {
  label: "Zeitleiste jeder Spur: Leader, Fehler, Operationen und gebrochene Versprechen. Pfeile gehen von Marke zu Marke und von Spur zu Spur, Enter geht zum Moment",
  here: (lane, at) => `${laneName(lane)}, ${seconds(at)}`,
  leads: (who, term) => (term > 0 ? `${who} führt, Term ${term}` : `${who} führt`),
  nobody: "niemand führt",
  likely: "ab hier wird es eher gebrochen als nicht",
  sure: "Punkt ohne Wiederkehr",
  operations: (ok, fail, info) => [ok > 0 ? `${ok} beantwortet` : "", fail > 0 ? `${fail} abgelehnt` : "", info > 0 ? `${info} ohne Antwort` : ""].filter(Boolean).join(", "),
};

const troubles: Record<string, string> = {
  parted: "Regionen sind getrennt",
  cut: "Kabel sind gekappt",
  held: "Nachrichten werden gehalten",
  drop: "Nachrichten gehen verloren",
  duplicate: "Nachrichten kommen doppelt",
  reorder: "Nachrichten überholen einander",
  delay: "Nachrichten verspäten sich",
  down: "ist aus",
  paused: "steht still",
  slow: "ist langsam",
  skew: "hat eine falsche Uhr",
  drift: "hat eine Uhr, die abdriftet",
  fsync: "hat eine langsame Platte",
};

export const trouble: typeof en.trouble = (what, who) => [who, troubles[what] ?? what].filter(Boolean).join(" ");

const broken: Record<string, string> = {
  linearizable: "nicht mehr linearisierbar",
  sequential: "nicht mehr sequenziell",
  causal: "nicht mehr kausal",
  "read-your-writes": "ein eigener Write fehlte",
  "monotonic-reads": "Reads gingen zurück",
  "monotonic-writes": "Writes in falscher Folge",
  "writes-follow-reads": "ein Write vor seiner Ursache",
  "lost-write": "ein Write ging verloren",
  "lost-update": "ein Update ging verloren",
};

export const breach: typeof en.breach = (kind) => broken[kind] ?? kind;
