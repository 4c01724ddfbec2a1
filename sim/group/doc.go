// Package group runs group replication: members that each carry out their own clients' transactions, have what those
// write ordered by a majority, certify it in that order, and apply what others have written later. It is built on the
// total order of package raft (order.go there) and is not offered as a mode: presets run it.
//
// # Who does it so
//
// MySQL Group Replication, of which InnoDB Cluster is made. The manual: https://dev.mysql.com/doc/refman/8.4/en/group-replication.html;
// the source: mysql/mysql-server, plugin/group_replication/src; the design of the consistency levels: WL#10379.
//
// # A transaction
//
// A read is answered from what the member has applied. A write begins from there too; at its commit it is sent to be
// ordered, with the write of its row that it rests on. Each member certifies it when it gets it back in the order: if another
// write of the row stands before it that it does not rest on, it is rolled back everywhere, and its client is told so (the
// first committer wins). Else its own member commits it at once, and each other one hands it to its applier, which takes its
// time (the knob apply), one transaction after the other. On one member a row is locked from a write's beginning to its
// commit; who waits for it for longer than lock-wait gives up.
//
// In single-primary mode the primary alone takes writes; all others are read-only.
//
// # Consistency levels
//
// eventual waits for nothing. before-on-primary-failover has transactions at a new primary wait until it has applied what
// was ordered before its election. before has a message ordered, and waits until all that stands before it is applied here.
// after has a write commit once all that are online have prepared it: each has it ordered that it did; nobody's applier
// commits it sooner, and whoever begins a transaction where it is prepared, at whatever level, waits for its commit.
// before-and-after is both. Each of the last four includes before-on-primary-failover; the last three need an online member.
// (consistency_manager.cc.) What a transaction waits for before it begins it gives up after hold-wait (wait_timeout, 8 hours).
//
// # The view
//
// Who is a member, who of them is online, and who is the primary each member computes from the order alone, and so all come
// to the same at the same place of it. A change of the members holds only in the view in which it was asked for. When the
// primary is no longer online, the member with the greatest weight becomes it, of several the first by server_uuid, for which
// the node's number stands.
//
// # Failures
//
// A member says twice a second that it is there. Whoever was silent for 5 s is suspected; after the knob expel as well, the
// first member of those who are there has it expelled, if they are a majority. So the order goes on without it for as long,
// but a write at the level after waits for it.
//
// A member that hears no majority goes on to answer reads, and what it would have ordered waits. It does not know whether it
// has been expelled. By default it waits for ever; with the knob unreachable it leaves. When a member has left, or is told
// that it was expelled, its transactions end: those that it has sent with info, for the others may have ordered them, those
// that have only waited with fail. It is read-only then and its applier stands still. It tries to rejoin, so often as tries
// says, every 5 minutes; each try goes on for 10 s. When none is left it does what the knob exit says, and not before: it stays
// read-only, takes no clients, or ends (leave_group_on_failure.cc, autorejoin.cc).
//
// Who is taken in, or returns before it was expelled, gets what it lacks from the order's leader, and after a while (recovery)
// has it ordered that it is online. A server that starts does the same; if its disk is empty it is left out first, so that
// nobody counts on what it had. An operator may have a member become the primary (transfer: group_replication_set_as_primary),
// and a member try to rejoin (rejoin: START GROUP_REPLICATION).
//
// # Members by force
//
// Where no majority is reached an operator may say who the members are (members: group_replication_force_members). Each node
// that is named, and is blocked, goes on from what it has, of a lineage of its own: it heeds no message of another. If those
// that are not named work on as a group, there are two, and both take writes. A node of another lineage that is in no group
// which works takes up the lineage of one that does as soon as it hears of it, and gives up what only it holds; one that
// works does so when an operator has it rejoin.
//
// # What the referee is told
//
// A member holds what its order's log holds, as a raft replica does: an entry that is not applied yet is in the relay log.
//
// # What is simplified
//
// XCom is of the Paxos family, and its members propose in turn; here Raft's leader orders for all, and when it is gone there
// is no order until the next one is elected, 1.5 s to some seconds later. XCom keeps its messages in memory, and a group of
// which a majority has crashed is started anew by an operator; here the order is on disk. What was sent by a member before
// it was expelled, and reaches the leader later, is ordered all the same. One transaction writes one row. Who holds what a
// forced group does not is let in without it, where MySQL has an operator clone it first. A client's attempt
// at an operation that another attempt has carried out is told so, where MySQL would carry it out once more; to that end a
// compare-and-set whose condition is false is ordered too from the level before on, where in MySQL it writes nothing. There is no flow control.
package group
