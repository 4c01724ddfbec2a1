// What a visitor reads in a lane's menu, in the form that sets a lane, in the notice of a new run, and in the export menu.
import { listed, plural, seconds } from "./words";

export const laneMenu = {
  label: (lane: string) => `${lane}: set up`,
  set: "Change …",
  add: "Add a lane …",
  full: (most: number) => `Add a lane: ${most} are the most`,
  left: "Move left",
  right: "Move right",
  remove: "Remove",
  fill: "Fill the stage",
  unfill: "Show all lanes",
} as const;

export const warned = {
  count: (n: number) => plural(n, "warning", "warnings"),
  of: (lane: string, n: number) => `${lane}: ${plural(n, "warning", "warnings")}`,
} as const;

export const setupForm = {
  add: "Add a lane",
  change: (lane: string) => `Change ${lane}`,
  name: "Name",
  protocol: "Protocol",
  transport: "Connections",
  transportAbout: "How nodes talk: in order and sent again like TCP, or each message for itself like UDP.",
  transports: { "": "as the protocol has it", stream: "streams (TCP)", datagram: "datagrams (UDP)" } as Record<string, string>,
  usual: (value: string) => `${value} (default)`,
  none: "none (default)",
  first: "the first (default)",
  time: "a time",
  more: (n: number) => `${plural(n, "more setting", "more settings")}`,
  anew: "The run begins anew, with the same seed, clients and faults.",
  goOn: "Go on at the present moment",
  fromStart: "From the start",
  where: "Show the new run",
  apply: "Set",
  create: "Add",
  cancel: "Cancel",
  unchanged: "Nothing is changed yet.",
  wait: "The run begins anew …",
  noCatalog: "What can be set could not be loaded.",
} as const;

export const restarted = {
  goesOn: (until: number) => `It goes on at ${seconds(until)}.`,
  dropped: (n: number) => `${plural(n, "line", "lines")} of the script had to go:`,
} as const;

export const exports = {
  menu: "Export",
  lane: "Lane",
  all: "All lanes",
  svg: "Picture, SVG",
  png: "Picture, PNG",
  video: (s: number) => `Last ${s} s, video`,
  noVideo: "This browser cannot record video: use the pictures instead.",
  soon: "There is nothing to record yet.",
  recording: "Recording the last seconds. The run goes back and plays them once more.",
  recordingShort: "Recording: stop",
  hidden: "This lane is not shown now: show it first.",
  failed: "The picture could not be made.",
  moment: (at: number) => `at ${seconds(at)}`,
  made: "Netsplit",
  away: (regions: readonly string[]) => (regions.length > 0 ? `${listed(regions)} away` : ""),
} as const;
