// A Pen draws lines, boxes and texts, on a canvas or into the text of an SVG: one drawing serves the eye and the export.
import { n1 } from "./curve";

// Style says how a line or an area looks. Colours are whatever CSS takes.
export interface Style {
  stroke?: string;
  fill?: string;
  width?: number; // of the line, in pixels
  dash?: readonly number[];
  alpha?: number;
}

export interface TextStyle {
  fill: string;
  size: number; // in pixels
  anchor?: "start" | "middle" | "end";
  weight?: number;
}

// Pen draws in CSS pixels, from the upper left corner.
export interface Pen {
  line(x1: number, y1: number, x2: number, y2: number, s: Style): void;
  // lines draws many of one style: x1, y1, x2, y2 of each.
  lines(list: readonly number[], s: Style): void;
  // wedges draws many triangles of one style: three points of each.
  wedges(list: readonly number[], s: Style): void;
  // bars draws many boxes of one style: x, y, width, height of each.
  bars(list: readonly number[], s: Style): void;
  path(points: readonly (readonly [number, number])[], closed: boolean, s: Style): void;
  box(x: number, y: number, w: number, h: number, r: number, s: Style): void;
  text(x: number, y: number, text: string, s: TextStyle): void;
  // clip keeps what draw draws inside a box.
  clip(x: number, y: number, w: number, h: number, draw: () => void): void;
}

const RUN = 100; // lines stroked at once: a longer path takes longer than its parts

// canvasPen draws onto a canvas whose transformation is set.
export function canvasPen(g: CanvasRenderingContext2D, family: string): Pen {
  const stroke = (s: Style) => {
    g.globalAlpha = s.alpha ?? 1;
    if (s.fill) {
      g.fillStyle = s.fill;
      g.fill();
    }
    if (!s.stroke) return;
    g.strokeStyle = s.stroke;
    g.lineWidth = s.width ?? 1;
    g.setLineDash((s.dash as number[]) ?? []);
    g.stroke();
  };
  return {
    line(x1, y1, x2, y2, s) {
      g.beginPath();
      g.moveTo(x1, y1);
      g.lineTo(x2, y2);
      stroke(s);
    },
    lines(list, s) {
      for (let from = 0; from < list.length; from += 4 * RUN) {
        g.beginPath();
        for (let i = from; i < Math.min(from + 4 * RUN, list.length); i += 4) {
          g.moveTo(list[i]!, list[i + 1]!);
          g.lineTo(list[i + 2]!, list[i + 3]!);
        }
        stroke(s);
      }
    },
    wedges(list, s) {
      g.beginPath();
      for (let i = 0; i < list.length; i += 6) {
        g.moveTo(list[i]!, list[i + 1]!);
        g.lineTo(list[i + 2]!, list[i + 3]!);
        g.lineTo(list[i + 4]!, list[i + 5]!);
        g.closePath();
      }
      stroke(s);
    },
    bars(list, s) {
      g.beginPath();
      for (let i = 0; i < list.length; i += 4) g.rect(list[i]!, list[i + 1]!, list[i + 2]!, list[i + 3]!);
      stroke(s);
    },
    path(points, closed, s) {
      g.beginPath();
      for (const [x, y] of points) g.lineTo(x, y);
      if (closed) g.closePath();
      stroke(s);
    },
    box(x, y, w, h, r, s) {
      g.beginPath();
      g.roundRect(x, y, w, h, r);
      stroke(s);
    },
    text(x, y, text, s) {
      g.globalAlpha = 1;
      g.font = `${s.weight ?? 400} ${s.size}px ${family}`;
      g.textAlign = s.anchor === "middle" ? "center" : s.anchor === "end" ? "right" : "left";
      g.textBaseline = "middle";
      g.fillStyle = s.fill;
      g.fillText(text, x, y);
    },
    clip(x, y, w, h, draw) {
      g.save();
      g.beginPath();
      g.rect(x, y, w, h);
      g.clip();
      draw();
      g.restore();
    },
  };
}

// svgPen gathers an SVG; text returns it whole.
export function svgPen(width: number, height: number, family: string, ground: string): Pen & { svg(): string } {
  const parts: string[] = [];
  let clips = 0;
  const look = (s: Style) =>
    `fill="${s.fill ?? "none"}"` +
    (s.stroke ? ` stroke="${s.stroke}" stroke-width="${n1(s.width ?? 1)}"` : "") +
    (s.dash?.length ? ` stroke-dasharray="${s.dash.join(" ")}"` : "") +
    (s.alpha !== undefined && s.alpha !== 1 ? ` opacity="${s.alpha}"` : "");
  return {
    line(x1, y1, x2, y2, s) {
      parts.push(`<line x1="${n1(x1)}" y1="${n1(y1)}" x2="${n1(x2)}" y2="${n1(y2)}" ${look(s)}/>`);
    },
    lines(list, s) {
      let d = "";
      for (let i = 0; i < list.length; i += 4) d += `M${n1(list[i]!)} ${n1(list[i + 1]!)}L${n1(list[i + 2]!)} ${n1(list[i + 3]!)}`;
      if (d) parts.push(`<path d="${d}" ${look(s)}/>`);
    },
    wedges(list, s) {
      let d = "";
      for (let i = 0; i < list.length; i += 6) d += `M${list.slice(i, i + 6).map(n1).join(" ")}Z`;
      if (d) parts.push(`<path d="${d}" ${look(s)}/>`);
    },
    bars(list, s) {
      let d = "";
      for (let i = 0; i < list.length; i += 4) d += `M${n1(list[i]!)} ${n1(list[i + 1]!)}h${n1(list[i + 2]!)}v${n1(list[i + 3]!)}h${n1(-list[i + 2]!)}Z`;
      if (d) parts.push(`<path d="${d}" ${look(s)}/>`);
    },
    path(points, closed, s) {
      parts.push(`<path d="M${points.map(([x, y]) => `${n1(x)} ${n1(y)}`).join("L")}${closed ? "Z" : ""}" ${look(s)}/>`);
    },
    box(x, y, w, h, r, s) {
      parts.push(`<rect x="${n1(x)}" y="${n1(y)}" width="${n1(w)}" height="${n1(h)}" rx="${n1(r)}" ${look(s)}/>`);
    },
    text(x, y, text, s) {
      const anchor = s.anchor && s.anchor !== "start" ? ` text-anchor="${s.anchor}"` : "";
      const weight = s.weight ? ` font-weight="${s.weight}"` : "";
      parts.push(`<text x="${n1(x)}" y="${n1(y)}" dy=".35em" font-size="${n1(s.size)}" fill="${s.fill}"${anchor}${weight}>${escape(text)}</text>`);
    },
    clip(x, y, w, h, draw) {
      const id = `clip${++clips}`;
      parts.push(`<clipPath id="${id}"><rect x="${n1(x)}" y="${n1(y)}" width="${n1(w)}" height="${n1(h)}"/></clipPath><g clip-path="url(#${id})">`);
      draw();
      parts.push("</g>");
    },
    svg() {
      const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${n1(width)}" height="${n1(height)}" viewBox="0 0 ${n1(width)} ${n1(height)}" font-family="${escape(family)}">`;
      return `${head}<rect width="100%" height="100%" fill="${ground}"/>${parts.join("")}</svg>\n`;
    },
  };
}

// escape makes a text safe inside XML.
export function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);
}
