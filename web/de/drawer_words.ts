// German: the drawer.
// As in English: tabs.
import type * as en from "../drawer_words";
import type { Like } from "./like";

export * from "../drawer_words";

export const drawer: Like<typeof en.drawer> = {
  label: "Verstehen",
  tabs: { story: "Geschichte", charts: "Diagramme", spacetime: "Raum-Zeit", inspect: "Ansehen", script: "Skript" },
  open: "Lade öffnen",
  close: "Lade schließen",
  height: "Höhe der Lade",
  loading: "Lädt …",
  failed: "Dieser Teil der Seite konnte nicht geladen werden.",
  again: "Noch einmal",
  goTo: (moment) => `Den Moment ${moment} zeigen`,
};
