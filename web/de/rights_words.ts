// German: who else is in the room, and who may do what there.
import type * as en from "../rights_words";
import type { Like } from "./like";
import { plural } from "./words";

export const kinds: Like<typeof en.kinds> = {
  label: "Was andere bekommen",
  run: { name: "Eine Kopie dieses Laufs", does: "Wer den Link öffnet, hat diesen Lauf in einem eigenen Raum. Was dort geschieht, ist hier nicht zu sehen." },
  view: { name: "Diesem Raum zusehen", does: "Wer den Link öffnet, sieht diesen Raum live und kann sich darin umsehen: in anderen Momenten, in den Kurven, in Knoten. Ändern lässt sich damit nichts." },
  control: { name: "In diesem Raum handeln", does: "Wer den Link öffnet, kann hier alles tun, was du kannst. Der Link lässt sich nicht zurücknehmen." },
};

export const here: Like<typeof en.here> = {
  count: (n) => `${n} hier`,
  asked: (n) => (n === 1 ? "bittet" : "bitten"),
  label: (n, asks) => (asks > 0 ? `${n} hier, ${asks} ${asks === 1 ? "bittet" : "bitten"} um die Steuerung` : `${n} hier`),
  all: (n) => (n === 1 ? "Nur deine Seite ist in diesem Raum offen." : `${plural(n, "Seite ist", "Seiten sind")} in diesem Raum offen, deine mitgezählt.`),
  somebody: "Jemand",
  asks: "Wer um die Steuerung bittet",
  nobody: "Niemand bittet um die Steuerung.",
  hands: "Wer die Steuerung bekommen hat",
  hand: "Übergeben",
  handTo: (who) => `Übergeben an: ${who}`,
  take: "Zurücknehmen",
  takeFrom: (who) => `Zurücknehmen von: ${who}`,
  you: "Du",
  give: "Zurückgeben",
  present: "Vorführen",
  presents: "Alle anderen sehen, was du siehst: den Moment, die Spur, was offen ist. Sie können sich umsehen und zurückkommen.",
  other: "Jemand anderes führt vor; hiermit übernimmst du.",
  asking: (who) => `${who} bittet um die Steuerung.`,
};

export const watching: Like<typeof en.watching> = {
  line: "Du siehst zu",
  label: "Wie du hier bist",
  presenting: "Du führst vor",
  following: "Folgt der Vorführung",
  strayed: "Du siehst dich um",
  back: "Zurück zur Vorführung",
  backShort: "Zurück",
  notice: "Du siehst nur zu. Um etwas zu ändern, mach dir eine eigene Kopie, oder bitte um die Steuerung.",
  asked: "Du hast um die Steuerung gebeten.",
  copy: "Eigene Kopie",
  copying: "Deine Kopie entsteht …",
  uncopied: "Keine Kopie gemacht: der Server hat nicht geantwortet.",
  ask: "Um Steuerung bitten",
  name: "Dein Name, wenn du magst",
  send: "Bitten",
  withdraw: "Nicht mehr bitten",
  given: "Du hast jetzt die Steuerung.",
  taken: "Du hast die Steuerung nicht mehr. Du siehst zu.",
  parted: "Die Vorführung ist zu Ende.",
  alone: "Du bist jetzt auf dich gestellt.",
  overtaken: "Jetzt führt jemand anderes vor. Du folgst.",
};
