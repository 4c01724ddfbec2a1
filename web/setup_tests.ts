// Tests of a lane's set-up: form to edit.
import { editOf, formOf, freeName, fresh, knobsOf, micros, running, settings, sorted, spanOf, spanText, toggled, type Setup } from "./setup";
import { same } from "./testing";
import type { Catalog, KnobChoice } from "./wire";

const knob = (name: string, kind: KnobChoice["kind"], usual: string, words: string[] = []): KnobChoice => ({ name, kind, default: usual, min: 1000, max: 60_000_000, words, about: "" });
const raft = [knob("leader", "region", ""), knob("heartbeat", "time", "0.1s"), knob("election", "time", "1s"), knob("election-max", "time", "twice", ["twice"]), knob("pre-vote", "word", "on", ["on", "off"])];
const gossip = [knob("fan-out", "number", "1"), knob("cache", "regions", "")];
const view = (name: string, knobs: KnobChoice[]) => ({ name, transport: "stream" as const, levels: [], verbs: [], knobs });
const catalog: Catalog = { engine: 1, protocols: [view("raft", raft), view("gossip", gossip)], workloads: [], verbs: [], kinds: [], regions: [], profiles: [], limits: {}, databases: [], compared: [] };
const strong: Setup = { name: "strong", protocol: "raft", transport: "", knobs: [{ name: "leader", value: "us-east-1" }, { name: "heartbeat", value: "0.1s" }] };

// edits: only what was changed or written is sent.
export function edits(): void {
  const form = formOf(strong);
  same("an untouched form", editOf(form, raft, strong), null);
  const faster = { ...form, values: { ...form.values, election: "200ms" } };
  same("one knob", editOf(faster, raft, strong), {
    do: "set",
    lane: "strong",
    protocol: "raft",
    knobs: [{ name: "leader", value: "us-east-1" }, { name: "heartbeat", value: "0.1s" }, { name: "election", value: "200ms" }],
  });
  same("a knob set to its default", editOf({ ...form, values: { ...form.values, election: "1000ms", "pre-vote": "on" } }, raft, strong), null);
  same("a knob cleared", editOf({ ...form, values: { ...form.values, leader: "" } }, raft, strong)?.knobs, [{ name: "heartbeat", value: "0.1s" }]);
  same("a new name", editOf({ ...form, name: " Berlin " }, raft, strong)?.name, "Berlin");
  const other = running(faster, "gossip", strong);
  same("another protocol", editOf(other, gossip, strong), { do: "set", lane: "strong", protocol: "gossip", knobs: [] });
  same("and back", editOf(running(other, "raft", strong), raft, strong), null);
  same("a transport", editOf({ ...form, transport: "datagram" }, raft, strong)?.transport, "datagram");
}

// additions: a new lane has a name and a protocol of its own.
export function additions(): void {
  const form = fresh(catalog, [strong]);
  same("a new lane", form, { name: "gossip", protocol: "gossip", transport: "", values: {} });
  same("its edit", editOf({ ...form, values: { "fan-out": "2", cache: "" } }, gossip, null), { do: "add", lane: "gossip", protocol: "gossip", knobs: [{ name: "fan-out", value: "2" }] });
  same("a name that is free", freeName("raft", ["raft", "raft-2"]), "raft-3");
  same("what is written stays", settings(formOf(strong), raft, strong).length, 2);
  same("an unknown protocol", knobsOf(catalog, "paxos"), []);
}

// fields: times and lists as fields show them.
export function fields(): void {
  same("times", ["0.25s", "350ms", "40us", "twice", "5"].map(micros), [250_000, 350_000, 40, null, null]);
  same("a time", spanOf("0.25s", raft[1]!), { word: "", number: "250", unit: "ms" });
  same("a long time", spanOf("0.25s", raft[2]!), { word: "", number: "0.25", unit: "s" });
  same("a word", spanOf("twice", raft[3]!).word, "twice");
  same("written", [spanText("250", "ms"), spanText("0.0000001", "s"), spanText("", "s"), spanText("3600", "s")], ["250ms", "0s", "", "3600s"]);
  same("a list", toggled(toggled(toggled("", "b"), "a"), "b"), "a");
  const parts = sorted(raft, { ...strong, knobs: [{ name: "pre-vote", value: "off" }] }, "raft", []);
  same("what is shown at once", [parts.first.length, parts.more.length], [5, 0]);
  same("of another protocol", sorted(raft, null, "raft", []).more.map((k) => k.name), ["pre-vote"]);
}
