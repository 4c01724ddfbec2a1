package sim

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
