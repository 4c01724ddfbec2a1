// The last seconds of a run as a video: the picture goes back, plays them once more, and is recorded meanwhile.
import * as actions from "./actions";
import { imageOf, svgOf } from "./export";
import * as store from "./store";

const WALL = 5; // seconds that a video lasts at most
const EVERY = 80; // milliseconds from one picture to the next, at the least
const PATIENCE = 4000; // milliseconds in which the picture has to get there, and to move on
const types = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];

export const SECONDS = WALL;

// canRecord reports whether this browser can.
export function canRecord(): boolean {
  return videoType() !== "" && "captureStream" in HTMLCanvasElement.prototype;
}

function videoType(): string {
  return typeof MediaRecorder === "undefined" ? "" : (types.find((t) => MediaRecorder.isTypeSupported(t)) ?? "");
}

export interface Video {
  kind: string; // of file
  data: Blob;
}

// record returns the video of some lanes; null if there is nothing to be seen. over ends it before its time.
export async function record(lanes: readonly number[], over: AbortSignal): Promise<Video | null> {
  const to = store.playback.now;
  const speed = store.clock.peek().speed;
  const from = Math.max(to - WALL * 1e6 * speed, 0);
  const wasLive = store.clock.peek().live;
  const wasPlaying = store.playing.peek();
  actions.seek(from);
  await until(() => store.playback.now <= from + 100_000 * speed + 1, over);
  const canvas = await canvasFor(lanes);
  if (!canvas) return null;
  const type = videoType();
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: type, videoBitsPerSecond: 4_000_000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = (e) => parts.push(e.data);
  const done = new Promise<void>((stopped) => (recorder.onstop = () => stopped()));
  recorder.start();
  actions.run(true);
  await play(canvas, lanes, to, over);
  recorder.stop();
  await done;
  if (wasLive) actions.live();
  if (!wasPlaying) actions.run(false);
  return { kind: type.startsWith("video/mp4") ? "mp4" : "webm", data: new Blob(parts, { type: type.split(";")[0]! }) };
}

async function canvasFor(lanes: readonly number[]): Promise<HTMLCanvasElement | null> {
  const svg = svgOf(lanes);
  if (!svg) return null;
  const image = await imageOf(svg);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [even(image.width), even(image.height)];
  canvas.getContext("2d")!.drawImage(image, 0, 0);
  return canvas;
}

// Codecs want even sizes.
const even = (n: number): number => 2 * Math.ceil(n / 2);

// play paints one picture after the other until the run has come to an instant, or stands still.
async function play(canvas: HTMLCanvasElement, lanes: readonly number[], to: number, over: AbortSignal): Promise<void> {
  const pen = canvas.getContext("2d")!;
  let moved = performance.now();
  let last = -1;
  while (!over.aborted && store.playback.now < to && performance.now() - moved < PATIENCE) {
    if (store.playback.now !== last) [last, moved] = [store.playback.now, performance.now()];
    const next = performance.now() + EVERY;
    const svg = svgOf(lanes);
    if (svg) pen.drawImage(await imageOf(svg), 0, 0);
    await wait(Math.max(next - performance.now(), 0));
  }
  await wait(2 * EVERY);
}

async function until(there: () => boolean, over: AbortSignal): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!there() && !over.aborted && performance.now() < end) await wait(20);
}

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
