// The entry of an embed: a picture of the run, which begins when it is clicked, or told to.
import { speak } from "./embed_port";
import { begun, byId, note } from "./embed_start";

const told = document.documentElement.dataset;

// share takes a run after the address's #, of which the server has not heard.
function share(): void {
  const hash = location.hash.slice(1);
  const run = new URLSearchParams(hash).get("run");
  if (!hash) return;
  told.fragment = [told.fragment, hash].filter(Boolean).join("&");
  byId("home").setAttribute("href", `/#${hash}`);
  if (!run) return;
  const poster = byId("poster") as HTMLImageElement;
  const at = new URL(poster.src);
  at.searchParams.delete("scenario");
  at.searchParams.set("share", run);
  poster.src = at.href;
}

share();
note();
const button = byId("start");
button.hidden = false;
button.addEventListener("click", (e) => {
  const play = () => document.querySelector<HTMLElement>('[data-action="play"]')?.focus({ preventScroll: true });
  begun().then(() => e.detail === 0 && play(), () => {}); // keys go on where the button was
});
if (told.origin && parent !== window) speak(told.origin);
if (told.run === "auto") {
  // Of many embeds on a page, those begin that somebody sees.
  const seen = new IntersectionObserver((list) => {
    if (!list.some((e) => e.isIntersecting)) return;
    seen.disconnect();
    void begun().catch(() => {});
  });
  seen.observe(byId("cover"));
}
