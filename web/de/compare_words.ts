// German: two runs side by side.
import type * as en from "../compare_words";
import type { Like } from "./like";
import { kindOf } from "./space_words";
import { plural, seconds } from "./words";

export const compare: Like<typeof en.compare> = {
  title: "Nebeneinander",
  names: ["A", "B"],
  frame: (name) => `Lauf ${name}`,
  open: "Allein öffnen",
  part: "Wo sie auseinandergehen",
  lane: "Spur",
  space: "Raum-Zeit",
  differs: "Was sich unterscheidet",
  nothing: "In dieser Spur unterscheidet sich in diesem Moment nichts.",
  waiting: "Beide Läufe sind auf dem Weg zum selben Moment …",
  playing: "Anhalten, um genau zu vergleichen.",
  missing: "Diese Adresse nennt keine zwei Läufe. „Vergleichen“ führt zu einer solchen.",
  verdict: "Urteil",
  holds: "hält",
  role: "ist",
  none: "nichts",
  only: (name, n) => `Nur in ${name}: ${plural(n, "Nachricht", "Nachrichten")}`,
  more: (n) => `und ${n} weitere`,
  ended: "Einer der beiden Räume war beendet; an seiner Stelle steht ein neuer.",
};

export const letter: typeof en.letter = (is, sent) => {
  const [from, , to, kind = ""] = is.split(" ");
  return `${from} → ${to}: ${kindOf(kind)}, ${seconds(sent, 3)}`;
};
