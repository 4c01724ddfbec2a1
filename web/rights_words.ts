// What a visitor reads about who else is in the room, and about who may do what there.
import { plural } from "./words";

export const kinds = {
  label: "What others get",
  run: { name: "A copy of this run", does: "Whoever opens the link has this run in a room of their own. What they do there does not show here." },
  view: { name: "Watch this room", does: "Whoever opens the link sees this room live and can look around in it: at other moments, in the charts, into nodes. They change nothing." },
  control: { name: "Act in this room", does: "Whoever opens the link can do everything here that you can. The link cannot be taken back." },
} as const;

export const here = {
  count: (n: number) => `${n} here`,
  asked: (n: number) => (n === 1 ? "asks" : "ask"),
  label: (n: number, asks: number) => (asks > 0 ? `${n} here, ${asks} ${asks === 1 ? "asks" : "ask"} for control` : `${n} here`),
  all: (n: number) => (n === 1 ? "Only your page is open in this room." : `${plural(n, "page is", "pages are")} open in this room, yours among them.`),
  somebody: "Somebody",
  asks: "Who asks for control",
  nobody: "Nobody asks for control.",
  hands: "Who has been handed control",
  hand: "Hand over",
  handTo: (who: string) => `Hand over to ${who}`,
  take: "Take back",
  takeFrom: (who: string) => `Take back from ${who}`,
  you: "You",
  give: "Give back",
  present: "Present",
  presents: "All others see what you see: the moment, the lane, what is open. They can look around and come back.",
  other: "Somebody else presents; this takes over.",
  asking: (who: string) => `${who} asks for control.`,
} as const;

export const watching = {
  line: "Watching",
  label: "How you are here",
  presenting: "Presenting",
  following: "Following the presenter",
  strayed: "Looking around by yourself",
  back: "Return to the presenter",
  backShort: "Return",
  notice: "You are watching. To change something, make a copy of your own or ask for control.",
  asked: "You have asked for control.",
  copy: "Make my own copy",
  copying: "Making your copy …",
  uncopied: "No copy was made: the server did not answer.",
  ask: "Ask for control",
  name: "Your name, if you like",
  send: "Ask",
  withdraw: "Ask no more",
  given: "You have control now.",
  taken: "You have no control any more. You are watching.",
  parted: "The presenter has left.",
  alone: "You are on your own now.",
  overtaken: "Somebody else presents now. You follow.",
} as const;
