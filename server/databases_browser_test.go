package server

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

// TestDatabasesByHand: a lane is made a database in its form, which has the product's own names with their defaults and
// sources, what is simplified and what is assumed; the lane says then what it is modelled after, and its clients ask at levels
// in common words and in the product's.
func TestDatabasesByHand(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?lang=en", 1440, 900, "light")
	p.press(inLane("quorum", `[data-action="lane-menu"]`), inLane("quorum", `[data-action="set-lane"]`))
	p.wait("both groups", `[...document.querySelectorAll('[data-field="protocol"] optgroup')].map(g => g.label).join() === "Modes,Databases"`)
	p.fill(`[data-field="protocol"]`, "postgresql")
	p.wait("what it is modelled after", one(".preset .after")+`?.textContent.startsWith("Modelled after PostgreSQL 17")`)
	knob := one(`[data-knob="synchronous_commit"]`)
	p.wait("the product's name and default", knob+`.querySelector("code").textContent === "synchronous_commit" && /Default on/.test(`+knob+`.textContent)`)
	p.wait("where that is documented", `[...document.querySelectorAll(".setup .default a, .after a")].every(a => a.href.startsWith("https://") && a.target === "_blank" && a.rel === "noopener") && `+knob+`.querySelector("a") !== null`)
	p.wait("what is assumed", `[...document.querySelectorAll('.default[data-assumed="1"]')].every(e => /assumed: nobody publishes it/.test(e.textContent) && !e.querySelector("a")) && document.querySelector('.default[data-assumed="1"]') !== null`)
	p.wait("what is simplified", `document.querySelectorAll('.preset [data-part="simplified"] li').length > 0`)
	p.wait("the rows", `document.querySelector('.preset [data-row="PG1"]').getAttribute("href") === "/?scenario=PG1"`)
	p.accessible("the form of a database, light")
	p.fill(`[data-knob="failover"] select`, "patroni")
	p.press(`[data-action="apply-setup"]`)
	p.wait("the lane's head", fmt.Sprintf(`/^modelled after PostgreSQL 17.* · failover patroni$/.test(%s.textContent.trim())`, one(inLane("quorum", ".protocol"))))
	p.wait("all of it", one(inLane("quorum", ".protocol"))+`.title.startsWith("Modelled after PostgreSQL 17")`)
	p.wait("the form to be closed", `!document.querySelector("dialog[open]")`)

	p.eval(store + `.openMenu({kind: "client", lane: 1, index: 0, x: 500, y: 200})`)
	p.wait("the levels", `[...document.querySelectorAll('[data-action="level"] optgroup')].map(g => g.label).join() === "In common words,PostgreSQL’s own"`)
	p.wait("common words", `/^strong read – .*,eventual read – .*,quorum write – /.test([...document.querySelectorAll('[data-action="level"] optgroup:first-of-type option')].map(o => o.text))`)
	p.fill(`[data-action="level"]`, "eventual")
	p.wait("what it promises", one("#level-about")+`?.textContent.length > 40`)
	p.accessible("a client's menu, light")
	p.quiet()
}

// TestDatabasesToTheirStories: with two clicks three databases are compared on one fault; from the list of databases each
// row's story opens, and is in the menu of scenarios then.
func TestDatabasesToTheirStories(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?lang=en", 390, 844, "dark")
	p.press(`[data-action="databases"]`)
	p.wait("the list to fit a telephone", "document.documentElement.scrollWidth <= 390")
	p.press(`.compared [data-row="three-databases"]`)
	p.wait("three databases", order+` === "postgresql cassandra spanner"`)
	p.wait("its title in the menu", one(`[data-action="scenario"]`)+`.selectedOptions[0].parentElement.dataset.group === "databases"`)
	p.wait("it runs", `netsplit.modules.store.clock.value.playing`)

	p.do(chromedp.Focus(chromedp.CSS(`[data-action="databases"]`)), chromedp.KeyEvent("\r"))
	p.press(`[data-database="PostgreSQL"] [data-part="rows"] summary`, `[data-row="PG1"]`)
	p.wait("its story", one(`[data-action="scenario"]`)+`.selectedOptions[0].text.startsWith("PG1: ") && `+order+`.startsWith("postgresql")`)
	p.wait("what it is about", `netsplit.modules.store.world.value.about.length > 60`)
	p.quiet()
}

// unavailable has America cut off for long enough that its nodes take the others for dead: what is asked there then is
// refused.
const unavailable = `seed 7
regions us-east-1 eu-west-1 ap-south-1
lane cassandra cassandra write_consistency=quorum
lane quorum quorum n=3 r=2 w=2
workload none
at 1s partition us-east-1
at 50s write us-east-1 x 1
end 60s
`

// TestErrorsInTheProductsWords: what a client of a database is told is in the product's words in its bubble, for those who
// listen, in the story, in the inspector and in the list of operations; that of a mode is in plain ones.
func TestErrorsInTheProductsWords(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?lang=en#run="+sim.Pack(unavailable)+"&at=52s", 1440, 900, "light")
	said := "Unavailable required=2 alive=1"
	bubble := func(lane string) string {
		return one(inLane(lane, `[data-client="us-east-1"] .bubble`)) + `?.textContent`
	}
	p.wait("the bubble", fmt.Sprintf(`%s?.replace(/^(refused: Unavailable)(?=\w)/, "$1 ").startsWith("refused: %s")`, bubble("cassandra"), said))
	p.wait("that of a mode", bubble("quorum")+`?.startsWith("refused: 1 of 2 replicas")`)
	p.wait("its label", fmt.Sprintf(`[...document.querySelectorAll('section.lane[data-lane="cassandra"] .client-target')].some(e => e.ariaLabel.includes("refused: %s"))`, said))
	p.press("#tab-story")
	p.wait("the story", fmt.Sprintf(`[...document.querySelectorAll("#past li")].some(e => e.dataset.kind === "told" && /us-east-1, writing, is refused/.test(e.textContent) && e.querySelector("q[lang=en]").textContent.startsWith(%q))`, said))
	p.eval(store + `.inspect({lane: 0, operation: netsplit.modules.store.lanes.value[0].clients[0].told.id})`)
	p.wait("the inspector", fmt.Sprintf(`/%s/.test(document.querySelector('[data-fact="what its client read"]')?.textContent)`, said))
	p.press("#tab-spacetime", `[data-action="space-list"]`)
	p.wait("the list of operations", fmt.Sprintf(`[...document.querySelectorAll(".listing td")].some(e => e.textContent.includes("(%s"))`, said))
	p.accessible("refused in Cassandra's words, light")
	p.quiet()
}
