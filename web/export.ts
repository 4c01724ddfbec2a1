// A picture of stages that stands alone: the SVG layers with the styles that hold for them written out, the map in it,
// and the messages as an image between them. On light ground, whatever the page's theme.
import { n1 } from "./curve";
import { exports as words } from "./lane_words";
import { protocolOf } from "./panel_words";
import { pictureOf, type Picture } from "./stage";
import * as store from "./store";
import { laneName } from "./words";

const NS = "http://www.w3.org/2000/svg";
const SCALE = 2; // pixels of an image for one of the page
const GAP = 20; // between stages
const HEAD = 34; // above a stage: its lane
const FOOT = 30; // below: the moment

// The properties by which our style sheet draws. Each becomes an attribute, except where it says what is so anyway.
const drawn: [string, string][] = [
  ["fill", ""],
  ["stroke", "none"],
  ["stroke-width", ""],
  ["stroke-dasharray", "none"],
  ["stroke-linecap", "butt"],
  ["stroke-linejoin", "miter"],
  ["fill-opacity", "1"],
  ["stroke-opacity", "1"],
  ["opacity", "1"],
  ["paint-order", "normal"],
  ["font-size", ""],
  ["font-weight", "400"],
  ["text-anchor", "start"],
  ["dominant-baseline", "auto"],
  ["text-decoration-line", "none"],
];
const kept = new Set(["d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "points", "transform", "dx", "dy", "pathLength"]);

// svgOf draws lanes side by side; those that are not shown are left out. "" if there are none.
export function svgOf(lanes: readonly number[]): string {
  const shown = lanes.flatMap((lane) => {
    const picture = pictureOf(lane);
    return picture ? [{ lane, picture }] : [];
  });
  const first = shown[0];
  if (!first) return "";
  const { width, height } = first.picture;
  const size = { width: shown.length * (width + GAP) + GAP, height: height + HEAD + FOOT + GAP };
  const light = document.createElement("div");
  light.className = "lightbox";
  document.body.append(light);
  const parts = shown.map(({ lane, picture }, i) => `<g transform="translate(${n1(GAP + i * (width + GAP))} ${HEAD + GAP / 2})">${stageOf(picture, light)}${captionOf(lane)}</g>`);
  const css = getComputedStyle(light);
  const paper = `<rect width="${n1(size.width)}" height="${n1(size.height)}" fill="${css.backgroundColor}"/>`;
  const moment = `<text x="${GAP}" y="${n1(size.height - 14)}" font-size="14" fill="${css.color}">${escaped(momentOf())}</text>`;
  const family = css.fontFamily.replace(/"/g, "'");
  light.remove();
  return `<svg xmlns="${NS}" width="${n1(size.width)}" height="${n1(size.height)}" viewBox="0 0 ${n1(size.width)} ${n1(size.height)}" font-family="${escaped(family)}" font-variant-numeric="tabular-nums">${paper}${parts.join("")}${moment}</svg>`;
}

function momentOf(): string {
  const w = store.world.peek();
  const away = (w?.names ?? []).filter((_, i) => store.away.peek()[i]);
  return [words.made, w?.title, words.moment(store.playback.now), words.away(away)].filter(Boolean).join(" · ");
}

function captionOf(lane: number): string {
  const l = store.world.peek()?.lanes[lane];
  if (!l) return "";
  return `<text y="-12" font-size="17" font-weight="650" fill="#1b2631">${escaped(laneName(l.name))}<tspan dx="8" font-size="14" font-weight="400" fill="#576470">${escaped(protocolOf(l))}</tspan></text>`;
}

// stageOf writes out one stage. A copy of it stands on light ground while its styles are read.
function stageOf({ host, width, height, messages }: Picture, light: HTMLElement): string {
  const copy = host.cloneNode(true) as HTMLElement;
  light.append(copy);
  copy.style.width = `${width}px`;
  copy.style.height = `${height}px`;
  const [below, above] = [...copy.querySelectorAll("svg")];
  const ground = `<rect width="${n1(width)}" height="${n1(height)}" rx="10" fill="${getComputedStyle(copy).backgroundColor}"/>`;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * SCALE), Math.round(height * SCALE)];
  const pen = canvas.getContext("2d")!;
  pen.scale(SCALE, SCALE);
  messages(pen, copy);
  const air = `<image width="${n1(width)}" height="${n1(height)}" href="${canvas.toDataURL()}"/>`;
  const inner = [below && written(below), air, above && written(above)].join("");
  copy.remove();
  return `<svg width="${n1(width)}" height="${n1(height)}" overflow="hidden">${ground}${inner}</svg>`;
}

// written returns an element with its styles as attributes; what is not seen is left out.
export function written(el: Element): string {
  const css = getComputedStyle(el);
  if (css.display === "none" || css.visibility === "hidden") return "";
  if (el.tagName === "use") return used(el, css);
  const tag = el.tagName === "svg" ? "g" : el.tagName;
  const inner = el.childElementCount > 0 ? [...el.childNodes].map((n) => (n instanceof Element ? written(n) : escaped(n.textContent ?? ""))).join("") : escaped(el.textContent ?? "");
  const style = tag === "g" ? groupStyle(css) : styleOf(css);
  if (style === null || (tag === "g" && inner === "")) return "";
  return `<${tag}${attributes(el)}${style}>${inner}</${tag}>`;
}

// used puts what a use refers to in its place.
function used(el: Element, css: CSSStyleDeclaration): string {
  const target = document.querySelector(el.getAttribute("href") ?? "");
  if (!target) return "";
  return `<g${attributes(el)}><${target.tagName}${attributes(target)}${styleOf(css) ?? ""}/></g>`;
}

function attributes(el: Element): string {
  return [...el.attributes].filter((a) => kept.has(a.name) && el.tagName !== "svg").map((a) => ` ${a.name}="${escaped(a.value)}"`).join("");
}

// groupStyle is what a group does to all that is in it; the rest its parts say themselves.
function groupStyle(css: CSSStyleDeclaration): string | null {
  return css.opacity === "0" ? null : css.opacity === "1" ? "" : ` opacity="${css.opacity}"`;
}

function styleOf(css: CSSStyleDeclaration): string | null {
  if (css.opacity === "0") return null;
  return drawn
    .map(([name, usual]) => {
      const value = css.getPropertyValue(name);
      const nothing = value === "" || value === usual || (name.startsWith("stroke-") && css.stroke === "none");
      return nothing ? "" : ` ${name}="${escaped(plainly(value))}"`;
    })
    .join("");
}

// plainly writes a value so that programs without a browser's style sheets know it too: no px, colours as rgb.
function plainly(value: string): string {
  const colour = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.]+))?\)$/.exec(value);
  if (!colour) return value.replace(/px/g, "");
  const [r, g, b] = colour.slice(1, 4).map((c) => Math.round(255 * Number(c)));
  return colour[4] ? `rgba(${r}, ${g}, ${b}, ${colour[4]})` : `rgb(${r}, ${g}, ${b})`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

// imageOf lets the browser draw an SVG text.
export async function imageOf(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

// pngOf draws an SVG text as a PNG.
export async function pngOf(svg: string): Promise<Blob> {
  const image = await imageOf(svg);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * SCALE, image.height * SCALE];
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => canvas.toBlob((b) => (b ? done(b) : fail(new Error("no image"))), "image/png"));
}

// fileName names what is saved after the lane and the moment.
export function fileName(lanes: readonly string[], at: number, kind: string): string {
  const which = lanes.length === 1 ? lanes[0] : "lanes";
  return `netsplit-${which}-${(at / 1e6).toFixed(2)}s.${kind}`;
}

// save hands a file to the visitor.
export function save(name: string, data: Blob): void {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(data);
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
}
