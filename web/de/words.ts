// German: what stands on a stage, and how numbers are written.
// As in English: unit, speakOf, inDollars, money, shortMoney, bare, plural, leads, passing, stateOf, cableTells, callLanes, laneName.
import type { ClientState, Errand, Loss, StaleView, Verb } from "../wire";
import type * as en from "../words";
import { inDollars, laneName, money, plural, shortMoney, unit, type Held, type Saying } from "../words";
import type { Like } from "./like";

export * from "../words";

const comma = (n: string): string => n.replace(".", ",");

export const seconds: typeof en.seconds = (us, digits = 2) => `${comma((us / 1e6).toFixed(digits))} s`;
export const milliseconds: typeof en.milliseconds = (us) => `${Math.round(us / 1000)} ms`;

export const listed: typeof en.listed = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} und ${names[names.length - 1]}`);

const things: Record<string, [string, string]> = { items: ["Artikel", "Artikel"], likes: ["Like", "Likes"], posts: ["Beitrag", "Beiträge"] };

export function amount(n: number): string {
  const thing = things[unit];
  if (unit === "pieces") return `noch ${money(n)}`;
  return thing ? plural(n, ...thing) : money(n);
}

const count = (n: number): string => `${n} Artikel`;

export function heldText(value: number, text: string | undefined): string {
  if (text === undefined) return shortMoney(value);
  if (text === "deleted") return "leer";
  const siblings = text.split(" | ").map((t) => t.split(" ")[0]);
  const side = siblings.join("|");
  return siblings.length === 1 || side.length <= 7 ? side : `×${siblings.length}`;
}

export function asked(e: Pick<Errand, "kind" | "amount">): string {
  switch (e.kind) {
    case "look":
      return looked[unit] ?? "Wert";
    case "deposit":
      return `${money(e.amount)} einzahlen`;
    case "withdraw":
      return `${money(e.amount)} abheben`;
    case "set":
      return `${money(e.amount)} schreiben`;
    case "buy":
      return e.amount > 1 ? `${e.amount} kaufen` : "eins kaufen";
    case "like":
      return "Like";
    case "add":
    case "insert":
      return `Artikel ${e.amount} dazu`;
    case "post":
      return `Beitrag ${e.amount}`;
    case "cas":
      return `auf ${e.amount} ändern`;
    case "delete":
      return "löschen";
    case "increment":
      return `${e.amount} dazu`;
    case "remove":
      return `Artikel ${e.amount} weg`;
    case "create":
      return `${money(e.amount)} schreiben, falls nichts da ist`;
  }
}

const looked: Record<string, string> = { dollars: "Kontostand", pieces: "Vorrat", items: "Warenkorb", likes: "Likes", posts: "Beiträge" };

const refusals: Partial<Record<NonNullable<Errand["reason"]>, string>> = {
  "no-leader": "abgelehnt: kein Leader",
  level: "abgelehnt: nicht so streng",
  behind: "abgelehnt: hinter dir",
  "too-many": "abgelehnt: zu viele Werte",
  unsupported: "geht hier nicht",
  "read-only": "abgelehnt: nur lesen",
  stopped: "abgelehnt: ausgefallen",
  "not-leader": "abgelehnt: ein anderer führt",
  rival: "abgelehnt: ein anderer war schneller",
  uncertified: "abgelehnt: ein anderer war schneller",
  witness: "abgelehnt: stimmt nur ab",
};

function refused(e: Errand): string {
  if (e.says) return `abgelehnt: ${e.says}`;
  const known = e.reason && refusals[e.reason];
  if (known) return known;
  return e.need ? `abgelehnt: ${e.have ?? 0} von ${e.need} Replikaten` : "abgelehnt";
}

function unanswered(e: Errand): string {
  if (e.says) return `ungewiss: ${e.says}`;
  if (e.reason === "contended") return "ungewiss, ein anderer kam dazwischen";
  return e.need ? `keine Antwort, ${e.have ?? 0} von ${e.need} Replikaten` : "keine Antwort";
}

function answered(e: Errand, stale: StaleView | null): string {
  if (e.reason === "funds") return `zu wenig Geld: ${money(e.balance)}`;
  if (e.reason === "sold-out") return "ausverkauft";
  if (e.reason === "conflict") return "inzwischen geändert,";
  if (e.reason === "exists") return `da ist schon etwas: ${e.says || money(e.balance)}`;
  if (e.reason === "alone") return `${amount(e.balance)}, aber auf einer Platte`;
  if (stale) return `veraltet: ${amount(e.balance)}, ${seconds(stale.age, 1)} alt`;
  switch (e.kind) {
    case "look":
      return inDollars() ? `du hast ${money(e.balance)}` : unit === "" ? `es ist ${e.balance}` : amount(e.balance);
    case "deposit":
      return `${money(e.amount)} dazu, jetzt ${money(e.balance)}`;
    case "withdraw":
      return `${money(e.amount)} weg, noch ${money(e.balance)}`;
    case "set":
      return `${money(e.amount)} geschrieben`;
    case "buy":
      return `${e.amount > 1 ? e.amount : "eins"} gekauft, noch ${money(e.balance)}`;
    case "like":
      return `Like gezählt, jetzt ${amount(e.balance)}`;
    case "add":
      return `Artikel ${e.amount} dazu, jetzt ${amount(e.balance)}`;
    case "post":
      return `Beitrag ${e.amount} steht, ${amount(e.balance)}`;
    case "cas":
      return `auf ${e.amount} geändert`;
    case "delete":
      return "gelöscht";
    case "increment":
      return `${e.amount} dazu, jetzt ${e.balance}`;
    case "insert":
      return `Artikel ${e.amount} dazu, jetzt ${count(e.balance)}`;
    case "create":
      return `${money(e.amount)} geschrieben`;
    case "remove":
      return `Artikel ${e.amount} weg, jetzt ${count(e.balance)}`;
  }
}

export function saying(c: ClientState, who = ""): Saying | null {
  const told = c.told;
  const by = who && `${who.slice(Math.max(who.lastIndexOf("@"), 0))} `;
  if (!told) return c.asking ? { tone: "pending", main: "wartet …", sub: `${by}fragt: ${asked(c.asking)}` } : null;
  const sub = by + (c.asking ? `fragt: ${asked(c.asking)} …` : `fragte: ${asked(told)}`);
  const own = told.outcome === "ok" && !told.reason ? "" : (told.says ?? "");
  if (told.outcome === "info") return { tone: "info", main: own ? unanswered(told) : `${unanswered(told)}: ${asked(told)}`, sub, own };
  if (told.outcome === "fail") return { tone: "fail", main: refused(told), sub, own };
  const main = answered(told, c.stale);
  return { tone: c.stale ? "stale" : "ok", main, sub: own || (told.reason === "conflict" ? "nichts geschrieben" : sub), own };
}

export function shortSaying(c: ClientState): Saying | null {
  const told = c.told;
  if (!told) return c.asking ? { tone: "pending", main: "wartet …", sub: "" } : null;
  if (told.outcome === "info") return { tone: "info", main: "ohne Antwort", sub: "" };
  if (told.outcome === "fail") return { tone: "fail", main: "abgelehnt", sub: "" };
  if (c.stale) return { tone: "stale", main: `veraltet ${money(told.balance)}`, sub: "" };
  if (told.reason === "sold-out") return { tone: "ok", main: "ausverkauft", sub: "" };
  const nothing = told.reason === "funds" || told.reason === "conflict";
  return { tone: "ok", main: nothing ? "unverändert" : money(told.balance), sub: "" };
}

export function gone(losses: readonly Loss[], short: boolean): Saying {
  const last = losses[losses.length - 1]!;
  if (short) return { tone: "gone", main: losses.length > 1 ? `${losses.length} verloren` : "verloren", sub: "" };
  const main = losses.length > 1 ? `${losses.length} Writes sind verloren` : `verloren: ${asked(last)}`;
  const sub = losses.length > 1 ? "alle hatten ein „ok“" : `hatte „ok“ bei ${seconds(last.acked)}`;
  return { tone: "gone", main, sub };
}

export const longSayings = ["abgelehnt: 1 von 2 Replikaten", "keine Antwort: $120 abheben", "zu wenig Geld: $20"];
export const longShortSayings = ["veraltet $500", "unverändert", "ohne Antwort"];

export function clientLabel(region: string, who: string, s: Saying | null): string {
  const name = who ? `Client ${who}` : `Client in ${region}`;
  return s ? `${name}: ${s.main}${s.sub ? `; ${s.sub}` : ""}` : `${name}: noch nichts gefragt`;
}

export const awayFor = (us: number): string => `getrennt ${seconds(Math.max(us, 0), 1)}`;

export function termOf(role: string, term: number, mode?: string): string {
  if (role === "primary") return mode === "group" ? "Primary" : `Timeline ${term}`;
  return role === "leader" ? `Term ${term}` : role === "candidate" || role === "promoting" ? "kandidiert" : role === "out" ? "bleibt draußen" : role === "witness" ? "Zeuge" : "";
}

export const cableTag: typeof en.cableTag = (c, f, wide) => {
  const trip = milliseconds(c.round_trip);
  const faults = cableFaults(f);
  if (faults.length > 0) return wide ? `${trip} · ${faults[0]}` : faults[0]!;
  return wide && c.fibre ? `${trip} · Faser ${Math.round(c.fibre / 1000)}` : trip;
};

const chance = (millionths: number): string => `${comma(String(Number((millionths / 10_000).toPrecision(2))))} %`;

export const cableFaults: typeof en.cableFaults = (f) =>
  [
    f.drop > 0 ? `${chance(f.drop)} verloren` : "",
    f.more > 0 ? `+${milliseconds(f.more)}` : "",
    f.duplicate > 0 ? `${chance(f.duplicate)} doppelt` : "",
    f.reorder > 0 ? `${chance(f.reorder)} vertauscht` : "",
    f.look === "partly" ? "zum Teil gekappt" : "",
  ].filter(Boolean);

export const ailments: Like<typeof en.ailments> = {
  down: "ausgefallen",
  paused: "steht still",
  slow: (us) => `langsam ${brief(us)}`,
  skew: (us) => `Uhr ${us > 0 ? "+" : "−"}${brief(Math.abs(us))}`,
  drift: (ppm) => `Uhr zu ${ppm > 0 ? "schnell" : "langsam"}`,
  disk: (us) => `Platte ${brief(us)}`,
  stuck: "Platte hängt",
};

const brief = (us: number): string => (us < 1e6 ? milliseconds(us) : `${comma(String(Number((us / 1e6).toFixed(1))))} s`);

// deeds say what a command did, after the name of what it was done to.
export const deeds: Partial<Record<Verb, string>> = {
  partition: "getrennt", heal: "geheilt", cut: "gekappt", mend: "geflickt", hold: "angehalten", release: "freigegeben", drop: "mit Verlust", duplicate: "doppelt", reorder: "vertauscht", delay: "verzögert",
  crash: "ausgefallen", exit: "beendet", wipe: "geleert", restart: "neu gestartet", pause: "steht still", resume: "läuft weiter", slow: "langsam", skew: "Uhr verstellt", drift: "Uhr läuft falsch", fsync: "Platte langsam",
};

export function heldBy(n: Held): string {
  const held = n.holds ? (n.text ?? money(n.value)) : "keine Kopie";
  if (n.down) return `ausgefallen, ${held}${n.holds ? " auf der Platte" : ""}`;
  const log = n.log && n.holds ? `Log ${n.log.last}, ${n.log.commit < n.log.last ? `${n.log.commit} committet` : "alles committet"}` : "";
  const hints = n.hints > 0 ? plural(n.hints, "Hint aufgehoben", "Hints aufgehoben") : "";
  const dead = n.dead.length > 0 ? `hält ${listed(n.dead)} für ausgefallen` : "";
  return [...n.ills, n.role, held, log, hints, dead].filter(Boolean).join(", ");
}

export function regionLabel(lane: string, region: string, nodes: readonly Held[], away: boolean): string {
  const held = nodes.length === 1 ? heldBy(nodes[0]!) : `${nodes.length} Replikate; ${nodes.map((n, i) => `${i + 1}: ${heldBy(n)}`).join("; ")}`;
  const what = `${region}, ${laneName(lane)}: ${held}`;
  return away ? `${what}; getrennt. Enter holt sie heim` : `${what}. Enter trennt sie ab`;
}

export const hint = "Zieh eine Region weg oder kapp ein Kabel";
export const stageLabel = (lane: string) => `${laneName(lane)}: Karte der Regionen`;
