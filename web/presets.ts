// Databases as the catalog tells of them: how they are grouped, and what their levels are called. Pure.
import { named } from "./panel_words";
import { spanText } from "./setup";
import { sharedLevels } from "./preset_words";
import type { Catalog, LaneState, LevelView, PresetView, ProtocolView } from "./wire";

// Choice is what a lane may run, as a menu offers it.
export interface Choice {
  name: string;
  text: string;
}

const MOST = 80; // letters of a choice

// choicesOf parts what a lane may run: the modes, and the databases by their products.
export function choicesOf(c: Catalog): { modes: Choice[]; databases: Choice[] } {
  const all = c.protocols ?? [];
  const several = (product: string) => all.filter((p) => p.preset?.product === product).length > 1;
  // Of several presets of a product the beginning of what is modelled tells them apart.
  const text = (p: PresetView) => short(several(p.product) ? `${p.product}: ${p.configuration.split(/[:;]/)[0]}` : named(p));
  return {
    modes: all.filter((p) => !p.preset).map((p) => ({ name: p.name, text: p.name })),
    databases: all.flatMap((p) => (p.preset ? [{ name: p.name, text: text(p.preset) }] : [])),
  };
}

// productNames are how lanes are written that are called after their preset, where that is called after its product: riak is
// Riak KV, and dynamodb-mrec stays as it is.
export function productNames(lanes: readonly Pick<LaneState, "name" | "protocol" | "modelled">[]): Record<string, string> {
  const named = lanes.filter((l) => l.name === l.protocol && l.modelled?.product.toLowerCase().split(" ")[0] === l.name);
  return Object.fromEntries(named.map((l) => [l.name, l.modelled!.product]));
}

const short = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST - 1).trimEnd()}…` : text);

// presetOf is what is known of a protocol that is a preset; null of a mode.
export function presetOf(c: Catalog | null, protocol: string): PresetView | null {
  return protocolOf(c, protocol)?.preset ?? null;
}

export function protocolOf(c: Catalog | null, protocol: string): ProtocolView | null {
  return (c?.protocols ?? []).find((p) => p.name === protocol) ?? null;
}

// levelText names a level in a menu: in the words that databases share, if it is one of those, and in the product's.
export function levelText(l: Pick<LevelView, "name" | "read" | "write">): string {
  const own = l.name === "quorum" ? l.write || l.read : l.read || l.write;
  const shared = sharedLevels[l.name];
  return [shared ?? l.name, own].filter((t, i, all) => t && all.indexOf(t) === i).join(" – ");
}

export const isShared = (name: string): boolean => name in sharedLevels;

const TIME = "-TIME"; // the end of a level that is asked for with a time

export const isTimed = (level: string): boolean => level.endsWith(TIME);

// withTime is a level as it is asked for, with so many seconds where it takes a time; "" where those make none.
export function withTime(level: string, seconds: string): string {
  if (!isTimed(level)) return level;
  const span = spanText(seconds, "s");
  return Number(seconds) >= 0 && span ? `${level.slice(0, 1 - TIME.length)}${span}` : "";
}
