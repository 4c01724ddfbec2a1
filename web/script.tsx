// A tab of the drawer.
export function Script() {
  return <p class="empty">…</p>;
}
