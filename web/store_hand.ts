// The part of the store that is about what a visitor has in hand on a stage: a region, a stroke, and what is wished of
// regions until the server's word comes. Others come by it through store.ts.
import { signal } from "@preact/signals";
import type { Point } from "./curve";
import { playback, touch } from "./store_paint";

const WISH_WALL = 2500; // milliseconds until a region stops waiting for its command

export const hinting = signal(true); // nobody has torn a region off by hand yet

// A Grip is a region in a visitor's hand.
export interface Grip {
  region: number;
  join: number; // the region beside which it is held, to join its side; -1 for none
  place: Point; // where the pointer holds it, in shares of the stage
  far: boolean; // that is further from home than its cables reach
  torn: boolean; // the partition has been sent during this drag
}
export let grip: Grip | null = null;
// A Stroke is drawn over a lane's stage, to cut cables.
export interface Stroke {
  lane: number;
  points: Point[];
  leaning: boolean; // it cuts one way, wherever it goes
}
export let stroke: Stroke | null = null;

export function draw(s: Stroke | null): void {
  stroke = s;
  touch();
}

// dropped is where regions that are away were put, as an offset from home in shares of the stage.
export const dropped = new Map<string, Point>();
// wished holds the regions for which a command is under way: they rest where they will be.
export const wished = new Map<string, boolean>();

// spots are where regions stand while they are away and nobody has put them anywhere, in pixels.
export let spots: Point[] = [];

export function setSpots(list: Point[]): void {
  spots = list;
}

export function setGrip(g: Grip | null): void {
  grip = g;
  touch();
}

// pointed is the region of whose nodes a visitor looks at the opinions: under the pointer, or with the focus; -1 for none.
export let pointed = -1;

export function ask(region: number): void {
  if (pointed === region) return;
  pointed = region;
  touch();
}

// hint says whether to tell that regions can be dragged away.
export function hint(on: boolean): void {
  hinting.value = on;
  touch();
}

export function drop(region: string, offset: Point | null): void {
  if (offset) dropped.set(region, offset);
  else dropped.delete(region);
  touch();
}

// wish lets a region rest where a command under way will have it; the server's word, or time, undoes it.
export function wish(region: string, isAway: boolean): void {
  wished.set(region, isAway);
  if (playback.speed > 0) setTimeout(unwish, WISH_WALL);
  touch();
}

export function unwish(): void {
  wished.clear();
  touch();
}
