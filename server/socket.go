package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"netsplit/sim"
)

// viewer is one browser at a room. Its room owns past, behind, job and owed; the outbox is between the two.
type viewer struct {
	guest   string // id; "" for a page without a token
	holder  bool   // it has come with the control key
	outbox  chan []byte
	past    *past    // nil at the live edge
	follows bool     // it is to see what the presenter sees
	behind  bool     // the outbox overflowed: a State is due once it is empty
	job     *job     // under way, or waiting; nil for none
	owed    [][]byte // what must not be dropped, for when it is behind no more

	metrics *metrics // of the server; nil for none

	told, glanced, led uint64 // of what there is of the audience, glances and leads of its room: which it has been told

	ended  chan struct{} // closed when the room has done with the viewer, after code and reason are set
	once   sync.Once
	code   websocket.StatusCode // to close the socket with
	reason string
}

// offer puts a message into the outbox. When that is full the message is dropped, and the viewer will get a
// fresh State: nobody waits for the slow.
func (v *viewer) offer(msg []byte) {
	if v.behind {
		v.metrics.frame(false)
		return
	}
	select {
	case v.outbox <- msg:
	default:
		v.behind = true
		v.metrics.frame(false)
	}
}

// catchUp sends a viewer who fell behind a fresh State once it has taken what it had.
func (v *viewer) catchUp(r *Room) {
	if v.behind && len(v.outbox) == 0 {
		v.behind, v.told, v.glanced = false, 0, 0
		if v.past == nil || v.past.arrived || v.past.pictured {
			v.offer(r.stateFor(v))
		}
		for _, msg := range v.owed { // a few: one comes of each job
			v.offer(msg)
		}
		v.owed = nil
	}
}

func (v *viewer) reject(of uint64, reason string) {
	v.offer(encode(Reject{Type: "reject", Of: of, Reason: reason}))
}

// refuse tells a viewer why a message could not be carried out, and of a text, where it is wrong.
func (v *viewer) refuse(of uint64, err error) {
	reject := Reject{Type: "reject", Of: of, Reason: err.Error()}
	var where *sim.ParseError
	if errors.As(err, &where) {
		reject.Line, reject.Column = where.Line, where.Column
	}
	v.offer(encode(reject))
}

// end tells the socket that the room has done with the viewer, and how to close.
func (v *viewer) end(code websocket.StatusCode, reason string) {
	v.once.Do(func() {
		v.code, v.reason = code, reason
		close(v.ended)
	})
}

// socket serves /socket. The connection goes on by itself when the request is over, which takes its memory with it.
func (s *Server) socket(w http.ResponseWriter, req *http.Request) {
	from := addressOf(req, s.config.Proxies)
	if err := s.gate.socket(from); err != nil {
		s.refuseErr(w, err)
		return
	}
	conn, err := websocket.Accept(lean{w}, req, &websocket.AcceptOptions{InsecureSkipVerify: true}) // checkOrigin has looked
	if err != nil {
		s.gate.leave(from)
		return
	}
	if !s.sockets.add(conn) {
		conn.Close(leaving().code, leaving().text)
		s.gate.leave(from)
		return
	}
	go func() {
		defer s.sockets.remove(conn)
		defer s.gate.leave(from)
		defer conn.CloseNow()
		s.converse(conn, from)
	}()
}

// converse serves one viewer until one side ends it.
func (s *Server) converse(conn *websocket.Conn, from netip.Prefix) {
	conn.SetReadLimit(MaxScript)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stop := context.AfterFunc(s.ctx, func() { conn.Close(websocket.StatusGoingAway, "the server is going away") })
	defer stop()

	room, v, err := s.greet(ctx, conn, from)
	if err != nil {
		conn.Close(s.codeOf(err), trim(err.Error()))
		return
	}
	go func() {
		v.write(ctx, conn, room.done)
		cancel()
	}()
	defer ping(ctx, conn)()
	code, reason := s.read(ctx, conn, room, v)
	room.ask(context.WithoutCancel(ctx), request{viewer: v, kind: requestLeave})
	if code != 0 {
		conn.Close(code, trim(reason))
	}
}

// errNoHello closes a socket that says nothing. A context's end would do so without a word.
var errNoHello = fmt.Errorf("expected a hello within %s", HelloTimeout)

// greet reads the hello and joins the room that it asks for.
func (s *Server) greet(ctx context.Context, conn *websocket.Conn, from netip.Prefix) (*Room, *viewer, error) {
	late := time.AfterFunc(HelloTimeout, func() { conn.Close(websocket.StatusPolicyViolation, errNoHello.Error()) })
	kind, data, err := conn.Read(ctx)
	if late.Stop(); err != nil {
		return nil, nil, errNoHello
	}
	hello, code, err := decode(kind, data)
	if err == nil && hello.Type != "hello" {
		err = fmt.Errorf("expected a hello first, got %q", hello.Type)
	}
	var room *Room
	var notice Reject
	var guest string
	if err == nil {
		guest, err = guestOf(hello.Guest)
	}
	if err == nil {
		room, notice, err = s.rooms.enter(ctx, hello, from)
	}
	if errors.Is(err, errLater) {
		return nil, nil, err // no message says so: pages take one for the last word
	}
	if err != nil {
		send(ctx, conn, encode(Reject{Type: "reject", Of: hello.Seq, Reason: err.Error(), After: afterOf(err)})) //nolint:errcheck // closed next
		if code != 0 {
			conn.Close(code, trim(err.Error()))
		}
		return nil, nil, err
	}
	v := newGuest(guest, room.opensFor(hello) == RightControl)
	v.metrics = s.metrics
	if notice.Reason != "" {
		notice.Type, notice.Of = "reject", hello.Seq
		v.offer(encode(notice))
	}
	join := request{viewer: v, kind: requestJoin, msg: ClientMessage{Key: hello.Key}}
	joined := room.ask(ctx, join)
	if !joined && hello.Room != "" { // it has just gone to sleep
		if room, _, err = s.rooms.enter(ctx, hello, from); err == nil {
			v.holder = room.opensFor(hello) == RightControl
			joined = room.ask(ctx, join)
		}
	}
	if !joined {
		return nil, nil, full("rooms", time.Second, "the room has just ended; try again")
	}
	if hello.Lead != nil {
		go s.rooms.lead(ctx, *hello.Lead, room, v)
	}
	return room, v, nil
}

// read takes messages until the socket or the room ends, and returns the code to close the socket with, 0 when it
// is closed already. Bad messages are rejected and counted; only a flood of them ends the socket.
func (s *Server) read(ctx context.Context, conn *websocket.Conn, room *Room, v *viewer) (websocket.StatusCode, string) {
	limiter, refusals := rate.NewLimiter(MaxRate, MaxBurst), 0
	quick := map[string]*rate.Limiter{"seek": rate.NewLimiter(MaxSeekRate, 2*MaxSeekRate), "glance": rate.NewLimiter(MaxSeekRate, 2*MaxSeekRate)}
	for {
		kind, data, err := conn.Read(ctx)
		if err != nil {
			return 0, "" // an oversize message has been answered with 1009
		}
		msg, code, err := decode(kind, data)
		if code != 0 {
			s.metrics.reject("message")
			return code, err.Error()
		}
		kindOf := "message"
		if allowed, most := limiter, MaxRate; err == nil {
			if l := quick[msg.Type]; l != nil {
				allowed, most = l, MaxSeekRate
			}
			if !allowed.Allow() {
				kindOf, err = "message_rate", fmt.Errorf("%s: over %d messages a second; slow down", msg.Type, most)
			}
		}
		if err == nil {
			if !room.ask(ctx, request{viewer: v, kind: requestMessage, msg: msg}) {
				<-ctx.Done() // the writer says why
				return 0, ""
			}
			continue
		}
		s.metrics.reject(kindOf)
		if refusals++; refusals > MaxRefusals {
			return websocket.StatusPolicyViolation, "too many refused messages"
		}
		rejection := encode(Reject{Type: "reject", Of: msg.Seq, Reason: err.Error()})
		select {
		case v.outbox <- rejection:
		default: // its writer is stuck; it will not read this either
		}
	}
}

// decode reads a message. A code other than 0 says that the socket must be closed with it.
func decode(kind websocket.MessageType, data []byte) (ClientMessage, websocket.StatusCode, error) {
	var msg ClientMessage
	if kind != websocket.MessageText {
		return msg, websocket.StatusUnsupportedData, errors.New("expected text, got binary data")
	}
	if !utf8.Valid(data) {
		return msg, websocket.StatusInvalidFramePayloadData, errors.New("the message is not valid UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err := dec.Decode(&msg)
	if len(data) > MaxMessage && msg.Type != "script" {
		return msg, websocket.StatusMessageTooBig, fmt.Errorf("the message has %d bytes; the most is %d", len(data), MaxMessage)
	}
	if err != nil {
		return msg, 0, fmt.Errorf("malformed message: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return msg, 0, errors.New("malformed message: something follows the JSON object")
	}
	return msg, 0, nil
}

// write sends what is in the outbox until the socket or the room ends.
func (v *viewer) write(ctx context.Context, conn *websocket.Conn, done <-chan struct{}) {
	stuck := time.AfterFunc(time.Hour, func() { conn.CloseNow() }) // cheaper than a context for each message
	defer stuck.Stop()
	stuck.Stop()
	for {
		select {
		case msg := <-v.outbox:
			stuck.Reset(WriteTimeout)
			err := conn.Write(context.Background(), websocket.MessageText, msg)
			stuck.Stop()
			if err != nil {
				return
			}
			v.metrics.frame(true)
			continue
		case <-v.ended:
		case <-done: // a join may have come too late to be answered
			v.end(websocket.StatusGoingAway, roomEnded)
		case <-ctx.Done():
			return
		}
		for len(v.outbox) > 0 {
			if send(ctx, conn, <-v.outbox) != nil {
				return
			}
		}
		conn.Close(v.code, trim(v.reason))
		return
	}
}

func send(ctx context.Context, conn *websocket.Conn, msg []byte) error {
	ctx, cancel := context.WithTimeout(ctx, WriteTimeout)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, msg)
}

// trim cuts a close reason to the 123 bytes that a close frame holds.
func trim(reason string) string {
	for len(reason) > 123 {
		_, size := utf8.DecodeLastRuneInString(reason)
		reason = reason[:len(reason)-size]
	}
	return reason
}

// ping asks the other end now and then whether it is there, and closes the socket when it does not say so in time: nothing
// else would tell of one that is gone while its room stands still. It goes on until the function that it returns is called.
func ping(ctx context.Context, conn *websocket.Conn) (stop func() bool) {
	var timer *time.Timer
	ready := make(chan struct{})
	timer = time.AfterFunc(PingInterval, func() {
		<-ready
		wait, cancel := context.WithTimeout(ctx, PingTimeout)
		defer cancel()
		if conn.Ping(wait) != nil {
			conn.CloseNow() //nolint:errcheck // it is gone
			return
		}
		timer.Reset(PingInterval)
	})
	close(ready)
	return timer.Stop
}
