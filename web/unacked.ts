// What changes the run has a name, under which the server does it once, however often it is sent. What it has not acknowledged
// when the connection breaks is sent again on the next one, if that leads to the same room.
import type { Outgoing } from "./socket";

const LASTING: ReadonlySet<Outgoing["type"]> = new Set(["command", "flap", "script", "edit"]);
const MOST = 20; // messages: as many as the server takes in one go
const NAME_BYTES = 12;

export interface Unacked {
  // named gives a message a name, if it is to have one.
  named(m: Outgoing): Outgoing;
  // sent keeps a message that has gone out.
  sent(m: Outgoing, seq: number): void;
  // done forgets what was acknowledged, by its name.
  done(id: string): void;
  // refused forgets what was refused, by its number.
  refused(seq: number): void;
  // entered returns what is to be sent again in a room, and forgets it; what was for another room comes to nothing.
  entered(room: string): Outgoing[];
}

export function unacked(name: () => string = randomName): Unacked {
  let kept: { m: Outgoing; seq: number }[] = [];
  let present = "";
  return {
    named: (m) => (LASTING.has(m.type) && !m.id ? { ...m, id: name() } : m),
    sent(m, seq) {
      if (m.id) kept = [...kept, { m, seq }].slice(-MOST);
    },
    done(id) {
      kept = kept.filter((k) => k.m.id !== id);
    },
    refused(seq) {
      kept = kept.filter((k) => k.seq !== seq);
    },
    entered(room) {
      const again = room === present ? kept.map((k) => k.m) : [];
      [kept, present] = [[], room];
      return again;
    },
  };
}

// randomName works without a secure context, unlike crypto.randomUUID.
function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(NAME_BYTES)), (b) => b.toString(16).padStart(2, "0")).join("");
}
