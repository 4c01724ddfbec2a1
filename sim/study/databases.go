package study

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"netsplit/sim/preset"
)

// databasesTable runs the story of every documented behaviour and says, by database, how many are modelled, how many are
// declared as simplified, and of how many the story does not come out as documented.
func databasesTable(ctx context.Context, _ int) (Table, error) {
	t := Table{Title: "Databases: documented behaviours, each with a story in sim/preset/stories", Head: []string{"database", "rows", "modelled", "simplified", "not as documented", "verdict"}}
	for _, product := range preset.Products() {
		rows := preset.Rows[product]
		failed := make([]string, len(rows))
		onWorkers(ctx, 0, len(rows), func(i int) { failed[i] = storyFails(ctx, rows[i]) })
		if err := ctx.Err(); err != nil {
			return t, err
		}
		modelled := 0
		for _, id := range rows {
			if _, ok := preset.Story(id); ok {
				modelled++
			}
		}
		wrong := slices.DeleteFunc(failed, func(id string) bool { return id == "" })
		verdict := "within"
		if len(wrong) > 0 {
			verdict = "OUT"
			t.Out++
		}
		t.Rows = append(t.Rows, []string{product, fmt.Sprint(len(rows)), fmt.Sprint(modelled), fmt.Sprint(len(rows) - modelled),
			cmp.Or(strings.Join(wrong, " "), "0"), verdict})
	}
	return t, nil
}

// storyFails runs a row's story, and returns the row's id if an expectation does not hold, else "".
func storyFails(ctx context.Context, id string) string {
	text, ok := preset.Story(id)
	if !ok {
		return ""
	}
	fails := id
	err := Unbroken(func() error {
		s, err := Parse(text)
		if err != nil {
			return err
		}
		r, err := completed(ctx, s)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(r.Report().Expects, func(h Held) bool { return !h.Holds }) {
			fails = ""
		}
		return nil
	})
	if err != nil {
		return id
	}
	return fails
}
