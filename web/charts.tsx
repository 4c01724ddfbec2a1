// A tab of the drawer.
export function Charts() {
  return <p class="empty">…</p>;
}
