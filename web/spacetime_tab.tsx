// A tab of the drawer.
export function SpaceTime() {
  return <p class="empty">…</p>;
}
