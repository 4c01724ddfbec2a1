// Reads what the page around an embed sends. Pure: of anything at all it makes an order, or says what is wrong with it.
import { errors } from "./embed_words";

export interface Order {
  id: number;
  do: string;
  [name: string]: unknown;
}

const MAX_AT = 3600; // seconds that a run may have, as sim.MaxTime

// orderIn returns the order that a message is.
export function orderIn(data: unknown): Order {
  const o = data as Order | null;
  if (typeof o !== "object" || o === null || !Number.isSafeInteger(o.id) || typeof o.do !== "string") throw new Error(errors.malformed);
  return o;
}

export function textIn(o: Order, name: string): string {
  const v = o[name];
  if (typeof v !== "string" || v === "" || v.length > 200) throw new Error(errors.expected(name, "a text"));
  return v;
}

// momentIn reads a moment in seconds, as a number; "" where there is none. Seconds stand in links without an exponent.
export function momentIn(o: Order, name: string): string {
  const v = o[name];
  if (v === undefined && o.do === "load") return "";
  if (typeof v !== "number" || !(v >= 0 && v <= MAX_AT)) throw new Error(errors.expected(name, "seconds from 0 to 3600"));
  return v.toFixed(6).replace(/\.?0+$/, "");
}

export function scenarioIn(o: Order): string {
  if (o.scenario === undefined && o.share !== undefined) return "";
  const v = textIn(o, "scenario");
  if (!/^[A-Za-z0-9-]{1,64}$/.test(v)) throw new Error(errors.expected("scenario", "the name of one"));
  return v;
}

export function shareIn(o: Order): string {
  if (o.share === undefined) return "";
  if (typeof o.share !== "string" || !/^[A-Za-z0-9_.-]{1,4000}$/.test(o.share)) throw new Error(errors.expected("share", "what a link carries after #run="));
  return o.share;
}
