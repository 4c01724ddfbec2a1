// A button that opens a small panel below it: a menu, or a list to read. Escape, a press elsewhere, or the focus going
// elsewhere closes it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

let made = 0; // drops so far; Preact's useId repeats itself in another root

interface DropProps {
  class: string;
  action: string;
  label: string; // for those who do not see the face
  face: ComponentChildren;
  children: (close: () => void) => ComponentChildren;
}

export function Drop({ class: kind, action, label, face, children }: DropProps) {
  const host = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const [id] = useState(() => `drop-${++made}`);
  const close = () => {
    setOpen(false);
    host.current?.querySelector("button")?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const elsewhere = (e: Event) => host.current?.contains(e.target as Node) || setOpen(false);
    addEventListener("pointerdown", elsewhere, true);
    addEventListener("focusin", elsewhere);
    return () => {
      removeEventListener("pointerdown", elsewhere, true);
      removeEventListener("focusin", elsewhere);
    };
  }, [open]);
  const onKeyDown = (e: KeyboardEvent) => {
    if (!open) return;
    if (e.key === "Escape") {
      e.stopPropagation();
      close();
    } else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && step(host.current!, e.key === "ArrowDown" ? 1 : -1)) e.preventDefault();
  };
  return (
    <div class={`drop ${kind}`} ref={host} onKeyDown={onKeyDown}>
      <button type="button" class="icon" data-action={action} aria-label={label} title={label} aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>
        {face}
      </button>
      {open && (
        <div class="dropped" id={id} role="group" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

// step moves the focus to the next button; not where it is in a field.
function step(host: HTMLElement, by: number): boolean {
  if (document.activeElement?.closest("select, input")) return false;
  const list = [...host.querySelectorAll<HTMLButtonElement>("button:enabled")];
  const at = list.findIndex((b) => b === document.activeElement);
  list[(at + by + list.length) % list.length]?.focus();
  return true;
}

export interface ItemProps {
  action: string;
  text: string;
  off?: boolean;
  onClick: () => void;
}

export function Item({ action, text, off, onClick }: ItemProps) {
  return (
    <button type="button" class="item" data-action={action} disabled={off} onClick={onClick}>
      {text}
    </button>
  );
}
