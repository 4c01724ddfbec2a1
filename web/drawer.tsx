// The drawer below the run's line: its tabs, one at a time, and how high it is. The story is here; the other tabs come
// with the page's second script when one of them is first opened.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { drawer, tabs, type Tab } from "./drawer_words";
import { loadTabs, type Tabs } from "./shared";
import * as store from "./store";
import { WholeStory } from "./story";

const STEP = 24; // pixels that an arrow key moves the upper edge by

export function Drawer() {
  const open = store.drawerOpen.value;
  const host = useRef<HTMLElement>(null);
  const height = store.drawerHeight.value;
  useLayoutEffect(() => document.documentElement.style.setProperty("--drawer", open ? `${height}px` : "0px"), [open, height]);
  useEffect(() => {
    if (open) host.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  if (!store.world.value) return null;
  const tab = store.drawerTab.value;
  return (
    <section class="drawer" ref={host} data-open={open ? "1" : "0"} aria-label={drawer.label}>
      {open && <Edge />}
      <div class="drawer-head">
        <TabList />
        <button
          type="button"
          class="icon"
          data-action="drawer"
          aria-expanded={open}
          aria-controls="drawer-panel"
          aria-keyshortcuts="d"
          aria-label={open ? drawer.close : drawer.open}
          title={open ? drawer.close : drawer.open}
          onClick={() => store.openDrawer(!open)}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path class="ring" d={open ? "M6 9l6 6 6-6" : "M6 15l6-6 6 6"} />
          </svg>
        </button>
      </div>
      <div id="drawer-panel" class="panel" role="tabpanel" data-panel={tab} aria-labelledby={`tab-${tab}`} hidden={!open} tabIndex={0}>
        {open && (tab === "story" ? <WholeStory /> : <Heavy tab={tab} />)}
      </div>
    </section>
  );
}

// TabList follows the pattern of tabs: one of them is in the page's order of focus, arrows move among them.
function TabList() {
  const open = store.drawerOpen.value;
  const current = store.drawerTab.value;
  const list = useRef<HTMLDivElement>(null);
  const keys: Record<string, (i: number) => number> = {
    ArrowRight: (i) => (i + 1) % tabs.length,
    ArrowLeft: (i) => (i + tabs.length - 1) % tabs.length,
    Home: () => 0,
    End: () => tabs.length - 1,
  };
  const move = (e: KeyboardEvent) => {
    const to = keys[e.key]?.(tabs.indexOf(current));
    if (to === undefined) return;
    e.preventDefault();
    store.showTab(tabs[to]!, open);
    list.current?.querySelectorAll("button")[to]?.focus();
  };
  // Where there is no room for all, the current one is in sight.
  useEffect(() => {
    const tab = list.current?.querySelectorAll("button")[tabs.indexOf(current)];
    if (tab) list.current!.scrollLeft = inSight(list.current!, tab);
  }, [current]);
  return (
    <div class="tablist" role="tablist" aria-label={drawer.label} ref={list} onKeyDown={move}>
      {tabs.map((t) => (
        <button
          key={t}
          type="button"
          role="tab"
          id={`tab-${t}`}
          data-tab-of={t}
          aria-selected={open && t === current}
          aria-controls="drawer-panel"
          tabIndex={t === current ? 0 : -1}
          onClick={() => store.showTab(t, true)}
        >
          {drawer.tabs[t]}
        </button>
      ))}
    </div>
  );
}

// inSight is how far a list is to be scrolled for one of its parts to be seen whole.
function inSight(list: HTMLElement, part: HTMLElement): number {
  const [a, b] = [list.getBoundingClientRect(), part.getBoundingClientRect()];
  return list.scrollLeft + Math.max(b.right - a.right, 0) + Math.min(b.left - a.left, 0);
}

// Edge is the drawer's upper edge: dragged, or moved by arrow keys, it makes the drawer higher or lower.
function Edge() {
  const from = useRef<{ y: number; height: number } | null>(null);
  const height = store.drawerHeight.value;
  const [least, most] = store.drawerBounds();
  const keys: Record<string, number> = { ArrowUp: height + STEP, ArrowDown: height - STEP, Home: least, End: most };
  return (
    <div
      class="edge"
      role="separator"
      aria-orientation="horizontal"
      aria-label={drawer.height}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={height}
      aria-controls="drawer-panel"
      tabIndex={0}
      onKeyDown={(e) => {
        const to = keys[e.key];
        if (to === undefined) return;
        e.preventDefault();
        store.sizeDrawer(to);
      }}
      onPointerDown={(e) => {
        e.currentTarget.setPointerCapture(e.pointerId);
        from.current = { y: e.clientY, height };
      }}
      onPointerMove={(e) => from.current && store.sizeDrawer(from.current.height + from.current.y - e.clientY)}
      onPointerUp={() => (from.current = null)}
      onPointerCancel={() => (from.current = null)}
    />
  );
}

// Heavy is a tab of the second script, once that is here.
function Heavy({ tab }: { tab: Exclude<Tab, "story"> }) {
  const [parts, setParts] = useState<Tabs | null>(globalThis.netsplit.tabs ?? null);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    loadTabs().then(setParts, () => setFailed(true));
  };
  useEffect(() => {
    if (!parts) load();
  }, []);
  if (parts) {
    const Part = parts[tab];
    return <Part />;
  }
  return (
    <p class="empty" role="status">
      {failed ? drawer.failed : drawer.loading}{" "}
      {failed && (
        <button type="button" class="link" onClick={load}>
          {drawer.again}
        </button>
      )}
    </p>
  );
}
