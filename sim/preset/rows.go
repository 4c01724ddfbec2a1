package preset

import (
	"embed"
	"maps"
	"slices"
)

// Rows lists the documented behaviours that each database's stories show, by database. A database may be several presets;
// its rows have one prefix. The story of a row is stories/ID.txt.
var Rows = map[string][]string{
	"PostgreSQL": {"PG1", "PG2", "PG3", "PG4", "PG5", "PG6", "PG8", "PG9", "PG10", "PG11", "PG13", "PG15", "PG16", "PG18"},
	"MySQL":      {"MY1", "MY2", "MY3", "MY4", "MY6", "MY8", "MY9", "MY10", "MY11", "MY12", "MY14", "MY15", "MY16", "MY18"},
	"Spanner":    {"SP1", "SP2", "SP3", "SP4", "SP6", "SP7", "SP8", "SP9", "SP10", "SP11", "SP14", "SP15"},
	"Cassandra":  {"CA1", "CA2", "CA3", "CA4", "CA5", "CA6", "CA7", "CA8", "CA10", "CA12", "CA13", "CA14", "CA16", "CA17", "CA18", "CA19"},
	"DynamoDB":   {"DY1", "DY2", "DY3", "DY4", "DY6", "DY7", "DY8", "DY9", "DY10", "DY11", "DY13", "DY14", "DY15", "DY17"},
	"Riak KV":    {"RI1", "RI2", "RI3", "RI4", "RI5", "RI7", "RI8", "RI10", "RI11", "RI12", "RI13", "RI15", "RI16", "RI17"},
}

// Products lists the databases by the names in Rows, in alphabetical order.
func Products() []string { return slices.Sorted(maps.Keys(Rows)) }

//go:embed stories
var stories embed.FS

// Story returns the scenario text of a row, and false where it has none.
func Story(id string) (string, bool) {
	text, err := stories.ReadFile("stories/" + id + ".txt")
	return string(text), err == nil
}
