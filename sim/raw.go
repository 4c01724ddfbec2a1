package sim

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// thing is a value and what it is called.
type thing struct {
	name  string
	value any
}

// raw prints what stands behind values, fields that nobody exports too: the state as it is, for experts. It prints
// neither addresses nor functions, nor the world itself, nor what is hidden, and sorts maps: equal states print alike.
func raw(hide []string, things ...thing) string {
	p := &rawPrinter{seen: map[place]bool{}, hide: hide}
	for _, t := range things {
		p.print(t.name, reflect.ValueOf(t.value), 0)
	}
	text := p.String()
	return text[:min(len(text), MaxRaw)]
}

type rawPrinter struct {
	strings.Builder
	seen map[place]bool // what has been printed
	hide []string       // fields
}

// place tells what a pointer leads to from all else.
type place struct {
	at uintptr
	of reflect.Type
}

// line prints one value at a depth.
func (p *rawPrinter) line(depth int, name, text string) {
	fmt.Fprintf(p, "%s%s: %s\n", strings.Repeat("  ", depth), name, text)
}

func (p *rawPrinter) print(name string, v reflect.Value, depth int) {
	if p.Len() > MaxRaw {
		return
	}
	if depth > MaxRawDepth {
		p.line(depth, name, "...")
		return
	}
	text, ok := scalar(v)
	if !ok {
		text, ok = p.short(v)
	}
	if ok {
		p.line(depth, name, text)
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		p.behind(name, v, depth)
	case reflect.Struct:
		p.line(depth, name, v.Type().Name())
		for i := range v.NumField() {
			if f := v.Type().Field(i); !p.hides(f) {
				p.print(f.Name, v.Field(i), depth+1)
			}
		}
	case reflect.Slice, reflect.Array:
		p.list(name, v, depth)
	case reflect.Map:
		p.line(depth, name, strconv.Itoa(v.Len()))
		keys := v.MapKeys()
		texts := make([]string, len(keys))
		order := make([]int, len(keys))
		for i, key := range keys {
			texts[i], order[i] = keyText(key), i
		}
		slices.SortStableFunc(order, func(i, j int) int { return compareKeys(texts[i], texts[j]) })
		for _, i := range order {
			p.print(texts[i], v.MapIndex(keys[i]), depth+1)
		}
	}
}

// hides reports whether a field is not printed: one that is to be hidden, and the book-keeping of locks and of generated
// code.
func (p *rawPrinter) hides(f reflect.StructField) bool {
	of := f.Type.PkgPath()
	return slices.Contains(p.hide, f.Name) || of == "sync" || strings.Contains(of, "/internal/") ||
		f.Name == "unknownFields" || f.Name == "sizeCache"
}

// behind prints what a pointer or an interface leads to, once.
func (p *rawPrinter) behind(name string, v reflect.Value, depth int) {
	switch {
	case v.IsNil():
		p.line(depth, name, "none")
	case v.Type() == envType || v.Type() == clusterType || v.Type() == nodeType:
	case v.Kind() == reflect.Interface:
		p.print(name, v.Elem(), depth)
	case p.seen[place{v.Pointer(), v.Type()}]:
		p.line(depth, name, "see above")
	default:
		p.seen[place{v.Pointer(), v.Type()}] = true
		p.print(name, v.Elem(), depth)
	}
}

var (
	envType     = reflect.TypeFor[Env]()
	clusterType = reflect.TypeFor[*Cluster]()
	nodeType    = reflect.TypeFor[*node]()
)

// list prints a list: of bytes and of numbers on one line.
func (p *rawPrinter) list(name string, v reflect.Value, depth int) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		b := make([]byte, v.Len())
		for i := range b {
			b[i] = byte(v.Index(i).Uint())
		}
		p.line(depth, name, fmt.Sprintf("%q", b))
		return
	}
	var words []string
	for i := range v.Len() {
		text, ok := scalar(v.Index(i))
		if !ok {
			break
		}
		words = append(words, text)
	}
	if len(words) == v.Len() {
		p.line(depth, name, "["+strings.Join(words, " ")+"]")
		return
	}
	p.line(depth, name, strconv.Itoa(v.Len()))
	for i := range v.Len() {
		if e := v.Index(i); e.Kind() != reflect.Pointer || !e.IsNil() {
			p.print(strconv.Itoa(i), e, depth+1)
		}
	}
}

// short prints a struct of a few fields on one line, if none of them has anything within it.
func (p *rawPrinter) short(v reflect.Value) (string, bool) {
	const few = 8
	if v.Kind() != reflect.Struct || v.NumField() > few {
		return "", false
	}
	var words []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if p.hides(f) {
			continue
		}
		text, ok := scalar(v.Field(i))
		if !ok {
			return "", false
		}
		words = append(words, f.Name+" "+text)
	}
	return strings.Join(words, ", "), true
}

// scalar prints what has nothing within it. Functions and channels are nothing.
func scalar(v reflect.Value) (string, bool) {
	switch {
	case !v.IsValid():
		return "none", true
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), true
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), true
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'g', -1, 64), true
	}
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), true
	case reflect.String:
		return strconv.Quote(v.String()), true
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return "-", true
	}
	return "", false
}

// keyText prints a map's key on one line.
func keyText(v reflect.Value) string {
	if text, ok := scalar(v); ok {
		return text
	}
	if v.Kind() != reflect.Struct {
		return v.Type().Name()
	}
	words := make([]string, v.NumField())
	for i := range words {
		words[i] = keyText(v.Field(i))
	}
	return strings.Join(words, "/")
}

// compareKeys puts numbers in order of their size, and other keys by their letters.
func compareKeys(a, b string) int {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil && x != y {
		if x < y {
			return -1
		}
		return 1
	}
	return strings.Compare(a, b)
}
