package templates

// Languages are those of the page, by their codes; the first is spoken where none is asked for. What the scripts say in
// them is in web/.
var Languages = []string{"en", "de"}

// pageWords are what the shell says itself.
type pageWords struct{ description, scenario, databases, noscript, start, home string }

var words = map[string]pageWords{
	"en": {
		description: "Drag a region away and watch what three kinds of replicated database do to reads, writes and money.",
		scenario:    "Scenario",
		databases:   "Databases",
		noscript:    "Netsplit draws a running simulation and needs JavaScript.",
		start:       "Start the simulation",
		home:        "Open in Netsplit",
	},
	"de": {
		description: "Zieh eine Region weg und sieh, was drei Arten von replizierten Datenbanken mit Reads, Writes und Geld tun.",
		scenario:    "Szenario",
		databases:   "Datenbanken",
		noscript:    "Netsplit zeichnet eine laufende Simulation und braucht JavaScript.",
		start:       "Simulation starten",
		home:        "In Netsplit öffnen",
	},
}

// script is the file of a script in the page's language.
func (p PageData) script(name string) string {
	if p.Lang == Languages[0] {
		return name + ".js"
	}
	return name + "." + p.Lang + ".js"
}
