package server

import "context"

// lead has those who follow a presenter come along to a room that the presenter has entered by its control key, or opened, from another
// one; and has the presenter present there. Nothing happens where the room that was left is not awake here, or the guest does not present in it.
func (rs *rooms) lead(ctx context.Context, left Address, room *Room, v *viewer) {
	from, _ := rs.find(left.Room, left.Key)
	if v.guest == "" || !v.holder || from == nil || from == room {
		return
	}
	led := make(chan bool, 1)
	who := newGuest(v.guest, from.sums.rightBy(left.Key) == RightControl)
	if !from.ask(ctx, request{viewer: who, kind: requestLead, to: Address{Room: room.ID, Key: room.viewKey}, led: led}) {
		return
	}
	select {
	case on := <-led:
		if on {
			room.ask(ctx, request{viewer: v, kind: requestMessage, msg: ClientMessage{Type: "present", On: true}})
		}
	case <-from.done:
	case <-ctx.Done():
	}
}

// leadAway has those who follow a guest told where it has gone, and reports whether it may lead them there: it presents here, and still has
// control.
func (r *Room) leadAway(v *viewer, to Address) bool {
	if v.guest != r.floor.Guest || r.rightOf(v) != RightControl {
		return false
	}
	if r.gone == nil || *r.gone != to { // a branch: they have been told
		r.leadOn(v, to)
	}
	return true
}
