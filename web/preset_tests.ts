// Tests of what the page makes of databases: their groups and levels, what stands on a lane, and what their clients read.
import { laidOut } from "./bubble";
import { protocolOf } from "./panel_words";
import { choicesOf, levelText, presetOf, productNames, withTime } from "./presets";
import { gather } from "./stories";
import { same } from "./testing";
import type { Catalog, Errand, PresetView, ProtocolView } from "./wire";
import { clientLabel, saying } from "./words";

const preset = (product: string, configuration: string): PresetView => ({ product, version: "5.0", configuration, source: "https://example.org", of: "quorum", levels: [], simplified: [] });
const view = (name: string, of?: PresetView): ProtocolView => ({ name, transport: "stream", levels: [], verbs: [], knobs: [], ...(of && { preset: of }) });
const catalog: Catalog = {
  engine: 1, workloads: [], verbs: [], kinds: [], regions: [], profiles: [], limits: {}, compared: [],
  protocols: [view("raft"), view("cassandra", preset("Cassandra", "one ring")), view("dynamo", preset("DynamoDB", "one region: a few replicas")), view("mrec", preset("DynamoDB", "global tables"))],
  databases: [],
};

export function presetLanes(): void {
  const { modes, databases } = choicesOf(catalog);
  same("modes", modes.map((c) => c.name), ["raft"]);
  same("databases", databases.map((c) => c.text), ["Cassandra 5.0", "DynamoDB: one region", "DynamoDB: global tables"]);
  same("a mode is no preset", [presetOf(catalog, "raft"), presetOf(catalog, "mrec")?.configuration], [null, "global tables"]);
  const lane = { name: "c", protocol: "cassandra", knobs: [{ name: "speculative_retry", value: "never" }], modelled: { product: "Cassandra", version: "5.0", configuration: "one ring" } };
  const after = (product: string) => ({ product, version: "1", configuration: "" });
  same("lanes' names", productNames([lane, { name: "riak", protocol: "riak", modelled: after("Riak KV") }, { name: "dynamodb-mrec", protocol: "dynamodb-mrec", modelled: after("DynamoDB") }, { name: "strong", protocol: "raft" }, { name: "cassandra", protocol: "cassandra", modelled: lane.modelled }]), { riak: "Riak KV", cassandra: "Cassandra" });
  same("a lane's head", protocolOf(lane), "modelled after Cassandra 5.0 · speculative_retry never");
}

export function levels(): void {
  same("strong", levelText({ name: "strong", read: "SERIAL", write: "EACH_QUORUM" }), "strong read – SERIAL");
  same("quorum", levelText({ name: "quorum", read: "QUORUM", write: "QUORUM" }), "quorum write – QUORUM");
  same("its own", levelText({ name: "local-quorum", read: "LOCAL_QUORUM", write: "LOCAL_QUORUM" }), "local-quorum – LOCAL_QUORUM");
  same("with a time", [withTime("exact-staleness-TIME", "1.5"), withTime("exact-staleness-TIME", ""), withTime("exact-staleness-TIME", "-1"), withTime("quorum", "3")], ["exact-staleness-1.5s", "", "", "quorum"]);
  same("without words", levelText({ name: "eventual", read: "", write: "" }), "eventual read");
}

const told = (part: Partial<Errand>) => {
  const errand: Errand = { id: 1, client: 4, kind: "withdraw", key: "balance", amount: 50, start: 0, end: 1, outcome: "ok", balance: 300, ...part };
  return saying({ asking: null, told: errand, stale: null })!;
};

// productWords: what a client of a product reads is in its words, whatever the outcome; that of a mode in plain ones.
export function productWords(): void {
  const says = "Unavailable required=2 alive=1";
  const refused = told({ outcome: "fail", reason: "too-few", have: 1, need: 2, says });
  same("refused", refused.main, `refused: ${says}`);
  same("no answer", told({ outcome: "info", reason: "timeout", says: "WriteTimeout received=1" }).main, "unknown: WriteTimeout received=1");
  same("a warning", [told({ reason: "alone", says: "WARNING: canceled" }).main, told({ reason: "alone", says: "WARNING: canceled" }).sub], ["$300, but on one disk", "WARNING: canceled"]);
  same("its label", clientLabel("us", "", refused), `Client in us: refused: ${says}; asked: withdraw $50`);
  const story = { at: 5, kind: "told" as const, node: -1, peer: -1, n: 9, told: { client: 1, kind: "write" as const, outcome: "fail" as const, says } };
  const [line] = gather([[story]], { names: ["us", "eu"], labels: ["us", "eu"], callers: ["us", "eu"], lanes: [{ name: "c", protocol: "cassandra", mode: "quorum" }], commands: [] }, [], () => 0);
  same("its story", [line?.text, line?.says], ["eu, writing, is refused:", says]);
}

// bubbles: words that are too long for a line go on in the next, and end with an ellipsis; plain ones get smaller.
export function bubbles(): void {
  const width = (text: string, size: number) => text.length * size * 0.5;
  const own = told({ outcome: "fail", says: "Unavailable required=2 alive=1" });
  const laid = laidOut(own, 170, 13, false, width);
  same("two lines", [laid.main, laid.sub, laid.width <= 170], ["refused: Unavailable", "required=2 alive=1", true]);
  same("in a low bubble one", laidOut(own, 170, 13, true, width).sub, "");
  holdsIn("a low one", laidOut(own, 170, 13, true, width).main, 26);
  const long = laidOut({ ...own, main: "refused: ERROR 25006: cannot execute UPDATE in a read-only transaction, at all" }, 170, 13, false, width);
  holdsIn("the second line", long.sub, 28);
  same("cut", [long.main, long.sub.endsWith("…")], ["refused: ERROR 25006:", true]);
  same("as before", laidOut({ tone: "fail", main: "refused: 1 of 2 replicas and more", sub: "asked: a" }, 170, 13, false, width).main, "refused: 1 of 2 replicas and more");
}

function holdsIn(what: string, text: string, most: number): void {
  same(`${what} has room`, text.length <= most, true);
}
