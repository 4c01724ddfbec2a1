// The part of the store by which the stage paints: the picture's clock, colours, and that something has changed. Others
// come by it through store.ts.
import { createPlayback } from "./playback";
import { createPalette } from "./values";

export const playback = createPlayback();
export const palette = createPalette();

// touched counts changes that the stage shows.
export let touched = 0;
let waker: () => void = () => {};

export function onWake(f: () => void): void {
  waker = f;
}

export function touch(): void {
  touched++;
  wake();
}

// wake has the stage look, where the clock alone has to do with it.
export function wake(): void {
  waker();
}
