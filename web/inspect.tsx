// A tab of the drawer.
export function Inspect() {
  return <p class="empty">…</p>;
}
