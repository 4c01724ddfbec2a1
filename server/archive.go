package server

import (
	"fmt"
	"runtime"
	"slices"
	"sort"

	"github.com/klauspost/compress/zstd"

	"netsplit/sim"
)

// archive keeps key frames of a run, so that a viewer who seeks sees a picture at once. It is a cache: whoever has the
// text has the run, and a frame that is not there is replayed.
//
// Frames stand at multiples of a grid, which doubles when there are too many: then every other goes. A frame is
// compressed against the one whose number has one bit less, its base, so that what goes was nobody's base, near ones are near in
// the chain too, and no chain is longer than a number has bits.
type archive struct {
	grid   sim.Time    // every frame is at a multiple of it
	bytes  int         // of all frames, compressed
	frames []keptFrame // in order of time
	stack  []opened    // the chain of the frame that was last added or opened, the frame last
}

// keptFrame is one frame, compressed.
type keptFrame struct {
	at, base sim.Time // the first frame is its own base
	data     []byte
}

// opened is one frame as JSON.
type opened struct {
	at   sim.Time
	data []byte
}

// newArchive begins an archive with a feed's first moment.
func newArchive(f *feed) *archive {
	a := &archive{grid: KeyFrameGrid}
	a.keep(f)
	return a
}

// due returns the first moment after t at which a frame is wanted and missing, if no two are to be closer than a span.
func (a *archive) due(t, apart sim.Time) sim.Time {
	step := a.grid
	for step < apart {
		step *= 2
	}
	next := (t/step + 1) * step
	for a.has(next) {
		next += step
	}
	return next
}

// at returns the index of the latest frame at or before a moment, or -1.
func (a *archive) at(t sim.Time) int {
	return sort.Search(len(a.frames), func(i int) bool { return a.frames[i].at > t }) - 1
}

func (a *archive) has(t sim.Time) bool {
	i := a.at(t)
	return i >= 0 && a.frames[i].at == t
}

// base returns the index of the frame that one at a moment is compressed against, or -1.
func (a *archive) base(t sim.Time) int {
	for n := t / KeyFrameGrid; n > 0; {
		n &= n - 1
		if i := a.at(n * KeyFrameGrid); i >= 0 && a.frames[i].at == n*KeyFrameGrid {
			return i
		}
	}
	return -1
}

// keep keeps what a feed shows at a moment of the grid, and reports whether it was one, and missing.
func (a *archive) keep(f *feed) bool {
	at := f.run.Now()
	i := a.at(at)
	if at%a.grid != 0 || a.has(at) {
		return false
	}
	frame, data := keptFrame{at: at}, encode(f.keyFrame())
	var dictionary []byte
	if base := a.base(at); base >= 0 {
		frame.base, dictionary = a.frames[base].at, a.open(base)
	}
	frame.data = squash(data, dictionary)
	a.frames = slices.Insert(a.frames, i+1, frame)
	a.bytes += len(frame.data)
	a.push(at, frame.base, data)
	for len(a.frames) > MaxKeyFrames || a.bytes > a.room() && len(a.frames) > 2 {
		a.thin()
	}
	return true
}

// room returns the bytes that the archive may have by now.
func (a *archive) room() int {
	last := a.frames[len(a.frames)-1].at
	return MaxKeyBytes * int((last+KeyBytesSpan-1)/KeyBytesSpan)
}

// thin doubles the grid.
func (a *archive) thin() {
	a.grid *= 2
	a.frames = slices.DeleteFunc(a.frames, func(f keptFrame) bool {
		if f.at%a.grid != 0 {
			a.bytes -= len(f.data)
			return true
		}
		return false
	})
}

// latest returns the latest frame at or before a moment as JSON; nil if there is none, which is before the first.
func (a *archive) latest(t sim.Time) []byte {
	if i := a.at(t); i >= 0 {
		return a.open(i)
	}
	return nil
}

// open returns a frame as JSON.
func (a *archive) open(i int) []byte {
	f := a.frames[i]
	for _, o := range a.stack {
		if o.at == f.at {
			return o.data
		}
	}
	var dictionary []byte
	if f.base != f.at {
		dictionary = a.open(a.at(f.base))
	}
	data := unpack(f.data, dictionary)
	a.push(f.at, f.base, data)
	return data
}

// push has the stack end with a frame, after its base.
func (a *archive) push(at, base sim.Time, data []byte) {
	keep := slices.IndexFunc(a.stack, func(o opened) bool { return o.at == base }) + 1
	a.stack = append(slices.Delete(a.stack, keep, len(a.stack)), opened{at, data})
}

// until returns the frames at or before a moment, for a run that is the same so far.
func (a *archive) until(t sim.Time) *archive {
	b := &archive{grid: a.grid, frames: slices.Clone(a.frames[:a.at(t)+1])}
	for _, f := range b.frames {
		b.bytes += len(f.data)
	}
	return b
}

// packers are encoders to be used again, one for each core: it takes longer to make one than to compress a frame.
var packers = make(chan *zstd.Encoder, runtime.GOMAXPROCS(0))

func takePacker() *zstd.Encoder {
	select {
	case w := <-packers:
		return w
	default:
	}
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(packWindow))
	if err != nil {
		panic(fmt.Sprintf("server: %v", err)) // only options that do not go together can get here
	}
	return w
}

func putPacker(w *zstd.Encoder) {
	select {
	case packers <- w:
	default: // there are enough
	}
}

// packWindow is how many bytes back a packer looks, and has room for: of a large frame and its dictionary.
const packWindow = 1 << 20

// squash compresses against a dictionary, which may be empty.
func squash(data, dictionary []byte) []byte {
	w := takePacker()
	defer putPacker(w)
	against := zstd.WithEncoderDictDelete()
	if len(dictionary) > 0 {
		against = zstd.WithEncoderDictRaw(0, dictionary)
	}
	if err := w.ResetWithOptions(nil, against); err != nil {
		panic(fmt.Sprintf("server: %v", err))
	}
	return slices.Clip(w.EncodeAll(data, nil))
}

// unpack undoes pack.
func unpack(data, dictionary []byte) []byte {
	options := []zstd.DOption{zstd.WithDecoderConcurrency(1)}
	if len(dictionary) > 0 {
		options = append(options, zstd.WithDecoderDictRaw(0, dictionary))
	}
	r, err := zstd.NewReader(nil, options...)
	if err != nil {
		panic(fmt.Sprintf("server: %v", err))
	}
	defer r.Close()
	out, err := r.DecodeAll(data, nil)
	if err != nil {
		panic(fmt.Sprintf("server: the archive is damaged: %v", err)) // it never leaves memory
	}
	return out
}
