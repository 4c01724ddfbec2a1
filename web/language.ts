// The page's language. The server chooses the script that speaks it: by the address, by the cookie set here, or by what
// the browser asks for. So changing it loads the page again, in the same room.

const YEAR = 31_536_000; // seconds

export function speak(code: string): void {
  try {
    document.cookie = `netsplit-lang=${code}; path=/; max-age=${YEAR}; samesite=lax`;
  } catch {
    // Frames of other sites may have no cookies: the address says it.
  }
  const to = new URL(location.href);
  to.searchParams.set("lang", code);
  location.assign(to);
}
