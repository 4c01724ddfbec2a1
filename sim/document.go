package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Item is one entry of a document: an item of a cart, or a post of a feed.
type Item struct {
	Errand int   // that put it there
	Number int64 // as its client named it
}

// document is one version of a document: the version that its client had read, with an item added.
type document struct {
	parent OpID // 0 for the empty one
	item   Item
	length int
}

// noParent is what a document is built on that replaces whatever there was.
const noParent OpID = 0

// isDocument reports whether a key holds documents.
func (c *Cluster) isDocument(key string) bool {
	return c.workload.Documents() && c.workload.HasKey(key) && !c.can(Add)
}

// addDocument notes the version that the next operation writes, and returns the value that stands for it: its OpID.
func (c *Cluster) addDocument(e *Errand, parent OpID) int64 {
	c.documents[e.Wrote] = document{parent, Item{e.ID, e.Amount}, c.documents[parent].length + 1}
	return int64(e.Wrote)
}

// Document returns the items of a version of a document, oldest first; the opening version 0 has none.
func (c *Cluster) Document(version OpID) []Item {
	items := make([]Item, 0, c.documents[version].length)
	for version != 0 {
		d := c.documents[version]
		items = append(items, d.item)
		version = d.parent
	}
	slices.Reverse(items)
	return items
}

// DocumentText says what a version of a document holds, for viewers: "3 items".
func (c *Cluster) DocumentText(version OpID) string {
	n, unit := c.documents[version].length, c.workload.Unit()
	if n == 1 {
		unit = unit[:len(unit)-1]
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// text says what a node holds of a key where a number does not: the version of a document, siblings, a set, nothing.
func (c *Cluster) text(key string, v NodeView) string {
	say := func(w Version) string {
		switch {
		case w.Deleted:
			return "deleted"
		case c.isDocument(key):
			return c.DocumentText(w.Write)
		}
		return strconv.FormatInt(w.Value, 10)
	}
	siblings := v.Held.Siblings()
	switch {
	case len(siblings) > 1 || len(siblings) == 1 && siblings[0].Deleted:
		words := make([]string, 0, MaxShown)
		for _, w := range siblings[:min(len(siblings), MaxShown)] {
			words = append(words, say(w))
		}
		if more := len(siblings) - MaxShown; more > 0 {
			words = append(words, fmt.Sprintf("%d more", more))
		}
		return strings.Join(words, " | ")
	case v.Held.Items() != nil:
		return fmt.Sprintf("%d items", v.Value)
	case c.isDocument(key):
		return c.DocumentText(v.Version)
	}
	return ""
}

// Shown returns what a client is told of a value: of a document, the number of its items.
func (c *Cluster) Shown(key string, value int64, version OpID) int64 {
	if c.isDocument(key) {
		return int64(c.documents[version].length)
	}
	return value
}
