// German: databases.
import type * as en from "../preset_words";
import type { Like } from "./like";
import { named } from "../panel_words";
import { plural } from "./words";

export const presets: Like<typeof en.presets> = {
  modes: "Betriebsarten",
  databases: "Datenbanken",
  after: (m) => `Nach dem Vorbild von ${named(m)}`,
  source: "Dokumentation",
  default: (value) => `Vorgabe ${value}`,
  noDefault: "Keine Vorgabe",
  documented: "dokumentiert",
  documentedOf: (knob) => `${knob}: wo die Vorgabe dokumentiert ist, in einem neuen Tab`,
  assumed: "angenommen",
  nobody: "niemand veröffentlicht es",
  simplified: (n) => `Was vereinfacht ist (${n})`,
  hides: (rows) => `Deshalb nicht gezeigt: ${rows.join(", ")}`,
  levels: (n) => `Was Clients verlangen können (${plural(n, "Stufe", "Stufen")})`,
  reads: "Read",
  writes: "Write",
  both: "Read und Write",
  usual: "die Vorgabe",
  rows: (n) => `Dokumentiertes Verhalten (${n})`,
  unmodelled: "nicht modelliert",
};

export const databases: Like<typeof en.databases> = {
  open: "Datenbanken",
  title: "Datenbanken",
  intro: "Jede ist aus den Protokollen der Betriebsarten gebaut, unter den Namen des Produkts: seine Einstellungen mit ihren Vorgaben, seine Stufen, seine Fehler. Jedes dokumentierte Verhalten ist ein Szenario, das die Tests an dem messen, was sein Client sieht.",
  compare: "Vergleichen",
  whichOne: "Welche für mich?",
  which: "Welche für mich? Alle in einer eigenen Welt",
  none: "Die Liste der Datenbanken konnte nicht geladen werden.",
  loading: "Wird geladen …",
};

export const sharedLevels: Readonly<Record<string, string>> = { strong: "starker Read", eventual: "eventueller Read", quorum: "Quorum-Write" };

export const levelGroups: Like<typeof en.levelGroups> = { shared: "In gemeinsamen Worten", own: (product) => `Aus ${product}` };
