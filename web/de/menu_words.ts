// German: the menus of cables, nodes and clients, and the list of keys.
import type * as en from "../menu_words";
import type { LinkView } from "../wire";
import type { Like } from "./like";
import { laneName, milliseconds } from "./words";

export const targetNames: Like<typeof en.targetNames> = { cables: "Kabel", nodes: "Nodes", clients: "Clients" };
export const strokeHelp = "quer über ein Kabel: beide Richtungen · daran entlang: nur diese Richtung";

const comma = (n: number): string => String(n).replace(".", ",");
const percent = (millionths: number): string => `${comma(Math.round(millionths / 100) / 100)} %`;
const time = (us: number): string => (Math.abs(us) < 1e6 ? milliseconds(us) : `${comma(us / 1e6)} s`);

function ails(l: LinkView): string {
  const list = [
    l.parted ? "getrennt" : "",
    l.cut ? "gekappt" : "",
    l.held ? "angehalten" : "",
    l.more ? `${time(l.more)} verzögert` : "",
    l.drop ? `verliert ${percent(l.drop)}` : "",
    l.duplicate ? `${percent(l.duplicate)} doppelt` : "",
    l.reorder ? `${percent(l.reorder)} vertauscht` : "",
  ].filter(Boolean);
  return list.join(", ") + (list.length > 0 && l.some ? ", zum Teil" : "");
}

export const cableName: typeof en.cableName = (lane, from, to, there, back) => {
  const [a, b] = [ails(there), ails(back)];
  const state = a === b ? a : [a && `nach ${to} ${a}`, b && `nach ${from} ${b}`].filter(Boolean).join("; ");
  return `Kabel ${from} nach ${to}, ${laneName(lane)}${state ? `: ${state}` : ""}`;
};

export const nodeName: typeof en.nodeName = (lane, node) => `Node ${node}, ${laneName(lane)}`;

export const menuWords: Like<typeof en.menuWords> = {
  only: (lane) => `Nur in ${laneName(lane)}`,
  close: "Schließen",
};

export const cableMenu: Like<typeof en.cableMenu> = {
  title: (from, to) => `${from} – ${to}`,
  length: (trip, fibre) => `${milliseconds(trip)} hin und zurück${fibre ? `; Licht in der Faser braucht ${milliseconds(fibre)}` : ""}`,
  ways: "Richtung",
  way: { both: "Beide Richtungen", there: (to) => `Nach ${to}`, back: (from) => `Nach ${from}` },
  cut: "Kappen",
  hold: "Anhalten",
  delay: "Verzögerung",
  loss: "Verlust",
  twice: "Doppelt",
  flapping: "Flattern",
  mend: "Alles flicken",
  parted: "Durch die Trennung unterbrochen.",
  rejoin: "Trennung heilen",
  some: "Nicht alle Verbindungen sind gleich.",
  delayOf: (us) => (us === 0 ? "keine" : `+${time(us)}`),
  chanceOf: (millionths) => percent(millionths),
  flapOf: (us) => (us === 0 ? "nie" : `alle ${comma(us / 1e6)} s`),
};

export const nodeMenu: Like<typeof en.nodeMenu> = {
  inspect: "Ansehen",
  crash: "Abstürzen",
  restart: "Neu starten",
  pause: "Anhalten",
  resume: "Weitermachen",
  wipe: "Platte leeren",
  isolate: "Isolieren",
  join: "Verbindungen flicken",
  away: (region) => `${region} abtrennen`,
  home: (region) => `${region} heimholen`,
  slow: "Langsam",
  skew: "Uhr",
  slowOf: (us) => (us === 0 ? "nein" : `${time(us)} je Nachricht`),
  skewOf: (us) => (us === 0 ? "richtig" : `${us > 0 ? "+" : "−"}${time(Math.abs(us))}`),
  handOver: (to) => `An ${to} übergeben`,
  operators: { transfer: "Zum Leader machen", promote: "Zum Primary machen", rejoin: "Dem Primary folgen", cancel: "Warten beenden" },
  state(n, lane) {
    const role = [n.role ?? "", n.term ? `Term ${n.term}` : ""].filter(Boolean).join(", ");
    const health = n.down ? "ausgefallen" : n.paused ? "steht still" : "läuft";
    return [laneName(lane), health, role].filter(Boolean).join(" · ");
  },
};

export const clientMenu: Like<typeof en.clientMenu> = {
  title: (who) => `Client in ${who}`,
  be: "Dieser Client sein",
  being: "Du bist dieser Client",
  level: "Stufe",
  seconds: "Zeit, Sekunden",
  levels: { "": "wie sonst" },
  amount: "Zahl",
  failed: "Was gefragt werden kann, ließ sich nicht laden. Öffne dieses Menü noch einmal.",
  verbs: {
    read: "Lesen",
    deposit: "Einzahlen",
    withdraw: "Abheben",
    buy: "Kaufen",
    like: "Liken",
    put: "In den Korb legen",
    post: "Posten",
    swap: "Ändern auf",
    write: "Schreiben",
    increment: "Dazuzählen",
    add: "Artikel dazu",
    remove: "Artikel weg",
    delete: "Löschen",
  },
};

export const keysHelp: Like<typeof en.keysHelp> = {
  title: "Tasten und Gesten",
  open: "Tasten",
  groups: [
    ["Überall", [
      ["Leertaste", "abspielen oder anhalten"],
      [". ,", "ein Schritt vor oder zurück: zum nächsten Ereignis oder zu dem, was daneben gewählt ist"],
      ["Umschalt . ,", "zur nächsten Verletzung oder zurück zu der davor"],
      ["e", "zurück zu live"],
      ["h", "die Trennung heilen"],
      ["1 – 4", "zu einer Spur"],
      ["n, c, k", "zu den Nodes, Clients oder Kabeln der Spur; Pfeile gehen von einem zum nächsten"],
      ["b", "zu „Du bist in“"],
      ["r, w", "als der Client, der du bist, lesen oder schreiben"],
      ["v", "warum das Urteil so ist"],
      ["f", "eine Spur allein zeigen"],
      ["Strg Z, Strg Y", "das zuletzt Getane in einem Zweig rückgängig machen; wiederholen"],
      ["y", "abzweigen: ein Zweig ab dem gezeigten Moment"],
      ["l", "die Legende"],
      ["s", "teilen: ein Link zu diesem Lauf oder in diesen Raum"],
      ["p", "zurück zur Vorführung, nachdem man sich umgesehen hat"],
      ["d", "die Lade: Geschichte, Diagramme, Raum-Zeit, Ansehen, Skript, Glück"],
      ["?", "diese Liste"],
      ["Esc", "schließen oder loslassen"],
    ]],
    ["Auf einer Region", [
      ["Enter", "trennt sie ab oder holt sie heim"],
      ["Pfeile", "bewegen sie; neben einer anderen, die getrennt ist, kommt sie auf deren Seite"],
      ["m", "das Menü ihres Nodes"],
      ["i", "ihren Node ansehen"],
    ]],
    ["Auf einem Kabel, Node oder Client", [["Enter", "sein Menü"], ["i", "einen Node ansehen"]]],
    ["Mit der Maus oder einem Finger", [
      ["ziehen", "eine Region: weg, neben eine andere, heim"],
      ["zeichnen", "quer über Kabel: kappt sie in beiden Richtungen; an einem Kabel entlang: nur in dieser. Mit Umschalt nur in der Richtung, in die du dich neigst. Ein Finger ruht erst und zeichnet dann"],
      ["klicken", "auf ein Kabel, einen Node oder Client: sein Menü; auf eine Nachricht: sie ansehen"],
    ]],
  ],
};
