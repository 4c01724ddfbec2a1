// The charts as one picture, with their titles and what the lines stand for.
import { dashes, type Ink } from "./plot";

export interface Part {
  title: string;
  canvas: HTMLCanvasElement;
}

const [GAP, HEAD, TITLE, COLUMNS] = [24, 44, 26, 2]; // pixels of the page; columns of charts

// picture draws them on one canvas.
export function picture(parts: readonly Part[], names: readonly string[], ink: Ink, paper: string, text: string): HTMLCanvasElement {
  const ratio = devicePixelRatio;
  const [width, height] = [Math.max(...parts.map((p) => p.canvas.width)) / ratio, Math.max(...parts.map((p) => p.canvas.height)) / ratio];
  const canvas = document.createElement("canvas");
  canvas.width = (GAP + COLUMNS * (width + GAP)) * ratio;
  canvas.height = (HEAD + Math.ceil(parts.length / COLUMNS) * (TITLE + height + GAP)) * ratio;
  const pen = canvas.getContext("2d")!;
  pen.scale(ratio, ratio);
  pen.fillStyle = paper;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.font = `14px ${getComputedStyle(document.body).fontFamily}`;
  pen.textBaseline = "middle";
  let x = GAP;
  names.forEach((name, i) => {
    pen.strokeStyle = ink.lanes[i] ?? ink.muted;
    pen.lineWidth = 2;
    pen.setLineDash(dashes[i] ?? []);
    pen.beginPath();
    pen.moveTo(x, HEAD / 2);
    pen.lineTo(x + 30, HEAD / 2);
    pen.stroke();
    pen.fillStyle = text;
    pen.fillText(name, x + 38, HEAD / 2);
    x += 38 + pen.measureText(name).width + GAP;
  });
  parts.forEach((p, i) => {
    const [left, top] = [GAP + (i % COLUMNS) * (width + GAP), HEAD + Math.floor(i / COLUMNS) * (TITLE + height + GAP)];
    pen.fillStyle = text;
    pen.fillText(p.title, left, top + TITLE / 2);
    pen.drawImage(p.canvas, left, top + TITLE, p.canvas.width / ratio, p.canvas.height / ratio);
  });
  return canvas;
}
