// The part of the store that is about the panels: menus, notices, the drawer, the lists that open. Others come by it
// through store.ts.
import { batch, signal } from "@preact/signals";
import type { Outgoing } from "./socket";
import type { Tab } from "./drawer_words";
import { keep, kept } from "./keeping";
import { touch } from "./store_paint";

export interface Toast {
  id: number;
  text: string;
  behind: boolean; // what was refused can be done at the live edge
  undo: (() => void) | null; // takes back what it tells of
  refused: readonly Outgoing[]; // what can be done in a branch
}

// A MenuOpen says what a menu is about, by index in its lane, and where on the screen it was asked for.
export interface MenuOpen {
  kind: "cable" | "node" | "client";
  lane: number;
  index: number;
  x: number;
  y: number;
}

const MAX_TOASTS = 3;

export const toasts = signal<Toast[]>([]);
export const drawerOpen = signal(false);
export const drawerTab = signal<Tab>("story"); // the one that is open, or was
export const drawerHeight = signal(280); // pixels, of its panel
export const helpOpen = signal(false);
export const menu = signal<MenuOpen | null>(null);
export const you = signal(""); // the client that the visitor is; "" for none chosen
export const keysOpen = signal(false);
export const databasesOpen = signal(false);
export const legendOpen = signal(false);
export const laneChoice = signal<readonly string[]>([]); // the lanes that an embed shows; none for all
export const beats = signal(kept("netsplit-heartbeats") !== "off"); // heartbeats are shown

let ids = 0;

// seen tells whether a lane is shown at all: an embed may leave some out.
export const seen = (lane: string): boolean => laneChoice.value.length === 0 || laneChoice.value.includes(lane);

// chooseLanes says which lanes are shown.
export function chooseLanes(lanes: readonly string[]): void {
  laneChoice.value = lanes;
}

export function toast(text: string, behind = false, undo: (() => void) | null = null, refused: readonly Outgoing[] = []): void {
  const id = ++ids;
  // What came before the latest cannot be undone alone.
  toasts.value = [...toasts.value.filter((t) => t.text !== text && !(undo && t.undo)), { id, text, behind, undo, refused }].slice(-MAX_TOASTS);
  setTimeout(() => dismiss(id), 7000);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((t) => t.id !== id);
}

export function openDrawer(open: boolean): void {
  drawerOpen.value = open;
}

// showTab makes a tab the drawer's current one, and may open the drawer.
export function showTab(tab: Tab, open: boolean): void {
  batch(() => {
    drawerTab.value = tab;
    drawerOpen.value = open;
  });
}

// drawerBounds are the least and the greatest height of the drawer's panel, in pixels.
export function drawerBounds(): [number, number] {
  return [140, Math.max(140, Math.round(innerHeight * 0.75))];
}

export function sizeDrawer(height: number): void {
  const [least, most] = drawerBounds();
  drawerHeight.value = Math.round(Math.min(Math.max(height, least), most));
}

export function openLegend(open: boolean): void {
  legendOpen.value = open;
}

export function showBeats(on: boolean): void {
  beats.value = on;
  keep("netsplit-heartbeats", on ? "on" : "off");
  touch();
}

export function openHelp(open: boolean): void {
  helpOpen.value = open;
}

export function openMenu(m: MenuOpen | null): void {
  menu.value = m;
}

// be makes the visitor a client.
export function be(client: string): void {
  you.value = client;
}

export function openDatabases(open: boolean): void {
  databasesOpen.value = open;
}

export function openKeys(open: boolean): void {
  keysOpen.value = open;
}
