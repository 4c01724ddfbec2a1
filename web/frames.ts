// Doing something as often as the screen is painted, with the newest value alone.

export interface Paced {
  // push has the value done with the next frame, unless a newer one comes.
  push(value: number): void;
  // now does it at once, in place of what waits.
  now(value: number): void;
}

export function perFrame(act: (value: number) => void): Paced {
  let next: number | null = null;
  let frame = 0;
  const fire = () => {
    frame = 0;
    const value = next;
    next = null;
    if (value !== null) act(value);
  };
  return {
    push(value) {
      next = value;
      frame ||= requestAnimationFrame(fire);
    },
    now(value) {
      if (frame) cancelAnimationFrame(frame);
      next = value;
      fire();
    },
  };
}
