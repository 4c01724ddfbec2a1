// The menu of what was clicked on a stage: a small panel beside it, which leaves the rest of the page as it is.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { clamp } from "./curve";
import { CableMenu } from "./menu_cable";
import { ClientMenu } from "./menu_client";
import { NodeMenu } from "./menu_node";
import { menuWords } from "./menu_words";
import * as store from "./store";

const GAP = 16; // pixels between what was clicked and the menu
const MARGIN = 8;

export function Menu() {
  const open = store.menu.value;
  if (!open || !store.lanes.value[open.lane]) return null;
  const body = { cable: CableMenu, node: NodeMenu, client: ClientMenu }[open.kind];
  const Body = body;
  return <Body key={`${open.kind} ${open.lane} ${open.index}`} lane={open.lane} index={open.index} />;
}

interface ShellProps {
  title: string;
  about?: string;
  children: ComponentChildren;
}

// Shell is a menu's frame. It stays within the window where it grows, takes the focus, and gives it back to where it was.
export function Shell({ title, about, children }: ShellProps) {
  const host = useRef<HTMLDivElement>(null);
  const open = store.menu.value!;
  useLayoutEffect(() => {
    const el = host.current!;
    const left = open.x + GAP + el.offsetWidth < innerWidth - MARGIN ? open.x + GAP : open.x - GAP - el.offsetWidth;
    el.style.left = `${clamp(left, MARGIN, innerWidth - el.offsetWidth - MARGIN)}px`;
    let top = open.y - 40;
    const grown = new ResizeObserver(() => {
      top = clamp(top, MARGIN, innerHeight - el.offsetHeight - MARGIN); // never down again, so that buttons stay
      el.style.top = `${top}px`;
    });
    grown.observe(el);
    return () => grown.disconnect();
  }, [open]);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const el = host.current!;
    el.focus({ preventScroll: true });
    const elsewhere = (e: Event) => el.contains(e.target as Node) || store.openMenu(null);
    addEventListener("pointerdown", elsewhere, true);
    return () => {
      removeEventListener("pointerdown", elsewhere, true);
      if (!document.activeElement || document.activeElement === document.body) before?.focus({ preventScroll: true });
    };
  }, []);
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== "Escape") return;
    e.stopPropagation();
    store.openMenu(null);
  };
  return (
    <div class="menu" ref={host} role="dialog" aria-labelledby="menu-title" tabindex={-1} data-menu={open.kind} onKeyDown={onKeyDown}>
      <header>
        <h2 id="menu-title">{title}</h2>
        <button type="button" class="icon" aria-label={menuWords.close} onClick={() => store.openMenu(null)}>
          <svg viewBox="0 0 24 24" class="cross" aria-hidden="true">
            <path d="M7 7l10 10M17 7 7 17" />
          </svg>
        </button>
      </header>
      {about && <p class="about">{about}</p>}
      {children}
    </div>
  );
}

// useScope is whether what the menu does hits its lane alone, and the box that says so.
export function useScope(lane: string): { only: string; scope: preact.JSX.Element } {
  const [only, setOnly] = useState(false);
  const scope = (
    <label class="only">
      <input type="checkbox" data-action="only" checked={only} onChange={(e) => setOnly(e.currentTarget.checked)} />
      {menuWords.only(lane)}
    </label>
  );
  return { only: only ? lane : "", scope };
}
