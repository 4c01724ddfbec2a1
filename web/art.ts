// SVG elements that are made once and amended.
import { n1, type Point } from "./curve";

const NS = "http://www.w3.org/2000/svg";

// An Art is an element that remembers what was last set, so that painting the same again costs nothing.
export interface Art {
  el: SVGElement;
  last: Record<string, string>;
}

export function art(parent: Element, tag: string, attrs: Record<string, string> = {}): Art {
  const el = document.createElementNS(NS, tag) as SVGElement;
  for (const [k, v] of Object.entries(attrs)) el.setAttribute(k, v);
  parent.append(el);
  return { el, last: {} };
}

export function set(a: Art, name: string, value: string): void {
  if (a.last[name] === value) return;
  a.last[name] = value;
  a.el.setAttribute(name, value);
}

export function say(a: Art, text: string): void {
  if (a.last[""] === text) return;
  a.last[""] = text;
  a.el.textContent = text;
}

export function show(a: Art, on: boolean): void {
  set(a, "display", on ? "inline" : "none");
}

export function moveTo(a: Art, p: Point): void {
  set(a, "transform", `translate(${n1(p.x)} ${n1(p.y)})`);
}

export function keep<T>(list: T[], n: number, make: () => T): void {
  while (list.length < n) list.push(make());
}
