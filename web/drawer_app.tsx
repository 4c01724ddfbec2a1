// The entry of the page's second script: the drawer's heavy tabs. See shared.ts.
import { Charts } from "./charts";
import { Inspect } from "./inspect";
import { Luck } from "./luck_tab";
import { Script } from "./script";
import { SpaceTime } from "./spacetime_tab";

globalThis.netsplit.tabs = { charts: Charts, spacetime: SpaceTime, inspect: Inspect, script: Script, luck: Luck };
