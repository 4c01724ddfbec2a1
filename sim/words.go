package sim

import (
	"strconv"
	"strings"
)

// word is one word of a line, with its column.
type word struct {
	text string
	col  int
}

// words are the words of a line, without its comment.
type words struct {
	list []word
	end  int // the column after the last word
}

func split(line string) words {
	var ws words
	start := -1
	for i := 0; i <= len(line); i++ {
		blank := i == len(line) || line[i] == ' ' || line[i] == '\t'
		if !blank && line[i] == '#' && start < 0 {
			break
		}
		switch {
		case blank && start >= 0:
			ws.list = append(ws.list, word{line[start:i], start + 1})
			start = -1
		case !blank && start < 0:
			start = i
		}
	}
	ws.end = 1
	if n := len(ws.list); n > 0 {
		ws.end = ws.list[n-1].col + len(ws.list[n-1].text) + 1
	}
	return ws
}

func (ws words) at(i int) word {
	if i < len(ws.list) {
		return ws.list[i]
	}
	return word{"", ws.end}
}

// quoted returns the column of the first word that a text quotes, or else col.
func (ws words) quoted(text string, col int) int {
	for _, w := range ws.list {
		if strings.Contains(text, strconv.Quote(w.text)) {
			return w.col
		}
	}
	return col
}

// DidYouMean names the known word nearest to an unknown one, as the parser's errors do: "; did you mean WORD?", or "".
func DidYouMean(unknown string, known []string) string { return didYouMean(unknown, known) }

// didYouMean names the known word nearest to an unknown one, if there is one near enough.
func didYouMean(unknown string, known []string) string {
	best, least := "", len(unknown)/3+1
	for _, k := range known {
		if d := editDistance(unknown, k); d <= least && len(k) > 2 && k != unknown {
			best, least = k, d-1
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// editDistance counts the insertions, deletions and replacements of bytes between two words (Levenshtein 1966). Long
// words are cut: nothing known is as long.
func editDistance(a, b string) int {
	a, b = a[:min(len(a), MaxNameSize)], b[:min(len(b), MaxNameSize)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
