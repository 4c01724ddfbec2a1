// A lane's set-up as a form, and the edit that comes of it. The form keeps values as the scenario language writes them;
// what the fields show is made from that. Pure; what there is to choose is in the catalog.
import type { Catalog, Edit, KnobChoice, ProtocolView, Setting } from "./wire";

// Setup is what a lane is set to.
export interface Setup {
  name: string;
  protocol: string;
  transport: string; // "" for the protocol's own
  knobs: readonly Setting[]; // that are written in the scenario
}

// Form is what the visitor has filled in.
export interface Form {
  name: string;
  protocol: string;
  transport: string;
  values: Record<string, string>; // of knobs, by name; without an entry, or "", it is the default
}

// Span is a time as a field shows it.
export interface Span {
  word: string; // in place of a number
  number: string;
  unit: "ms" | "s";
}

export function protocolsOf(c: Catalog): ProtocolView[] {
  return c.protocols ?? [];
}

export function knobsOf(c: Catalog, protocol: string): KnobChoice[] {
  return protocolsOf(c).find((p) => p.name === protocol)?.knobs ?? [];
}

// formOf begins a form with what a lane is set to.
export function formOf(lane: Setup): Form {
  return { name: lane.name, protocol: lane.protocol, transport: lane.transport, values: Object.fromEntries(lane.knobs.map((k) => [k.name, k.value])) };
}

// fresh begins a form for one more lane: of a protocol that no lane runs, if there is one.
export function fresh(c: Catalog, lanes: readonly Setup[]): Form {
  const free = protocolsOf(c).find((p) => !lanes.some((l) => l.protocol === p.name)) ?? protocolsOf(c)[0];
  const protocol = free?.name ?? "";
  return { name: freeName(protocol, lanes.map((l) => l.name)), protocol, transport: "", values: {} };
}

// freeName is a name that no lane has yet.
export function freeName(stem: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? stem : `${stem}-${n}`;
    if (!taken.includes(name)) return name;
  }
}

// running returns the form with another protocol, at its defaults; with the lane's own it is as it was.
export function running(form: Form, protocol: string, before: Setup | null): Form {
  if (before?.protocol === protocol) return { ...formOf(before), name: form.name };
  return { name: form.name, protocol, transport: "", values: {} };
}

// settings lists what is to be written: what differs from its default, and what was written before.
export function settings(form: Form, choices: readonly KnobChoice[], before: Setup | null): Setting[] {
  const written = before?.protocol === form.protocol ? before.knobs.map((k) => k.name) : [];
  return choices.flatMap(({ name, default: usual }) => {
    const value = (form.values[name] ?? "").trim();
    return value !== "" && (!same(value, usual) || written.includes(name)) ? [{ name, value }] : [];
  });
}

// editOf is the edit that makes the lane, or sets it; null where nothing would change.
export function editOf(form: Form, choices: readonly KnobChoice[], before: Setup | null): Edit | null {
  const knobs = settings(form, choices, before);
  const what = { protocol: form.protocol, ...(form.transport && { transport: form.transport }), knobs };
  const name = form.name.trim();
  if (!before) return { do: "add", lane: name, ...what };
  const now = settings(formOf(before), choices, before);
  const still = form.protocol === before.protocol && form.transport === before.transport && now.length === knobs.length && now.every((k, i) => k.name === knobs[i]!.name && same(k.value, knobs[i]!.value));
  if (still && name === before.name) return null;
  return { do: "set", lane: before.name, ...(name !== before.name && { name }), ...what };
}

// same reports whether two values come to the same: 100ms and 0.1s do.
function same(a: string, b: string): boolean {
  const [x, y] = [micros(a), micros(b)];
  return x === null || y === null ? a === b : x === y;
}

// micros reads a time of the scenario language; null where it is none.
export function micros(text: string): number | null {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(s|ms|us)$/.exec(text) ?? [];
  return unit ? Math.round(Number(digits) * (unit === "s" ? 1e6 : unit === "ms" ? 1e3 : 1)) : null;
}

// spanOf shows a value of a knob that is a time. Without a number it has the unit of what is usual there.
export function spanOf(value: string, choice: KnobChoice): Span {
  const us = micros(value);
  if (us === null) return { word: value, number: "", unit: unitOf(micros(choice.default) ?? choice.min * 1000) };
  const unit = unitOf(micros(choice.default) ?? us);
  return { word: "", number: plain(us / (unit === "s" ? 1e6 : 1e3)), unit };
}

export function spanText(number: string, unit: Span["unit"]): string {
  const n = Number(number);
  return number.trim() === "" || !Number.isFinite(n) ? "" : `${plain(n)}${unit}`;
}

const unitOf = (us: number): Span["unit"] => (us >= 1e6 ? "s" : "ms");

// plain writes a number without an exponent, to what the scenario language takes.
function plain(n: number): string {
  return n.toFixed(6).replace(/\.?0+$/, "");
}

// limitIn is a limit of a time in a unit.
export function limitIn(us: number, unit: Span["unit"]): number {
  return us / (unit === "s" ? 1e6 : 1e3);
}

// toggled adds a name to a list of the scenario language, or takes it out. The order is that of choosing.
export function toggled(list: string, name: string): string {
  const names = list.split(",").filter(Boolean);
  return (names.includes(name) ? names.filter((n) => n !== name) : [...names, name]).join(",");
}

const SHOWN = 4; // knobs of a protocol that a form shows at once

// sorted parts a protocol's knobs: the first few, those that are set and those that a warning is about are shown at once.
export function sorted(choices: readonly KnobChoice[], before: Setup | null, protocol: string, warned: readonly string[]): { first: KnobChoice[]; more: KnobChoice[] } {
  const own = before?.protocol === protocol ? [...before.knobs.map((k) => k.name), ...warned] : [];
  const isFirst = (k: KnobChoice, i: number) => i < SHOWN || own.includes(k.name);
  return { first: choices.filter(isFirst), more: choices.filter((k, i) => !isFirst(k, i)) };
}
