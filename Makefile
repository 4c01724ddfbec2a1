# make test does everything that CI does; the other targets are parts of it, longer forms of it, and conveniences.

.PHONY: test tools generate run screenshots bench-web soak-check soak-causes soak-foreign soak-sweep soak-seek soak-raft soak-quorum soak-swarm soak-presets soak-chaos soak-figures soak-arm64 soak-kill soak-kill-nats soak-nats soak-axe soak-gestures soak-monkey soak-fuzz soak-mutants soak-strangers bench-load image-check

test: tools
	@.ci/test

# Installs what the tests need beside Go, git and make, where Debian's packages can give it; else says what is missing.
tools:
	@.ci/tools

# Rebuilds every committed file that is made from others.
generate:
	go generate ./...
	go test ./server -run TestWireSamples -update

run:
	go run .

# Pictures of the page in six states, at three sizes, light and dark, into screenshots/, for people to look at.
# make screenshots ONLY=during takes those of one state.
screenshots:
	NETSPLIT_SCREENSHOTS=$(CURDIR)/screenshots go test ./server -run 'TestScreenshots/$(ONLY)' -count=1 -timeout 20m -v

# Suites that make test runs in a small form, whole.
soak-check:
	NETSPLIT_SOAK=1 go test ./sim/check -run 'AgainstWhole|TestLong|TestWeak' -count=1 -timeout 30m -v

soak-causes:
	NETSPLIT_SOAK=1 go test ./sim/study -run TestCausesSwarm -count=1 -timeout 30m -v

soak-foreign:
	NETSPLIT_SOAK=1 go test ./sim/foreign -count=1 -timeout 30m -v

# Sweeps against single runs, minimal runs without any one of their commands, and points of no return.
soak-sweep:
	NETSPLIT_SOAK=1 go test ./sim/study -run 'TestSweep|TestFind|TestTurning' -count=1 -timeout 30m -v

soak-raft:
	go test ./sim/raft -run TestSwarm -count=1 -timeout 30m -v -seeds 10000

soak-quorum:
	NETSPLIT_SOAK=1 go test ./sim/quorum -count=1 -timeout 60m -v

soak-swarm:
	NETSPLIT_SOAK=1 go test ./sim/study -run 'TestSwarm|TestHealthySwarm|TestModels|TestMergedModels|TestInspectionChangesNothing' -count=1 -timeout 30m -v

# Databases under many lucks: what their documentation promises holds, and the anomalies that it names are found.
soak-presets:
	NETSPLIT_SOAK=1 go test ./sim/preset -count=1 -timeout 60m -v

# Worlds in which anything happens: nothing panics, hangs or depends on steps.
soak-chaos:
	NETSPLIT_SOAK=1 go test ./sim/study -run TestChaos -count=1 -timeout 30m -v

# Every figure of a lane against a recount, in random worlds in which machines fail too.
soak-figures:
	NETSPLIT_SOAK=1 go test ./sim/study -run TestFigures -count=1 -timeout 30m -v

# A server that is killed 1,000 times with -9 under four writers, and started again.
soak-kill:
	NETSPLIT_SOAK=1 go test . -run TestKilledServer -count=1 -timeout 60m -v

# Two servers on one NATS, either of which is killed KILLS times with -9 under four writers.
KILLS ?= 100
soak-kill-nats:
	NETSPLIT_SOAK=1 KILLS=$(KILLS) go test . -run TestKilledServersOnNATS -count=1 -timeout 60m -v

# A cluster of three servers of NATS, whose leader is killed 20 times with -9 under four writers.
soak-nats:
	NETSPLIT_SOAK=1 go test ./server -run TestNATSLeaderKilled -count=1 -timeout 60m -v

# axe-core over the whole page in every view, light and dark, before and during a partition.
soak-axe:
	NETSPLIT_SOAK=1 go test ./server -run TestViewsAccessible -count=1 -timeout 15m -v

# Every gesture by every kind of hand: mouse, finger and keyboard.
soak-gestures:
	NETSPLIT_SOAK=1 go test ./server -run 'TestEveryGesture$$' -count=1 -timeout 15m -v

# What viewers see at 1,000 random moments of 50 random worlds: live, replayed, sought, and after a new start from the text.
soak-seek:
	NETSPLIT_SOAK=1 go test ./server -run 'TestSought|TestSameInAnySteps|TestBackAndForth|TestTravel' -count=1 -timeout 60m -v

# Draws and traces on arm64, under qemu-user where the machine is another, against those of amd64.
soak-arm64:
	@.ci/arm64

# Random gestures in a browser, for so long; the seed is printed, and SEED=N plays it again.
SEED ?= $(shell date +%s)
FOR ?= 5m
soak-monkey:
	SEED=$(SEED) FOR=$(FOR) go test ./server -run 'TestMonkey$$' -count=1 -timeout 60m -v

# Ten million frames, links and scenarios that are nearly good.
soak-mutants:
	NETSPLIT_SOAK=1 go test ./server -run 'TestMutants$$' -count=1 -timeout 60m -v

# Slow heads and abrupt closes, a thousand of each.
soak-strangers:
	NETSPLIT_SOAK=1 go test ./server -run 'TestSlowHeads|TestAbruptCloses' -count=1 -timeout 30m -v

# Measures the server with 1,000 viewers, 1,000 rooms and a flood, beside a bare loop of writes. ONLY=viewers, mute, rooms or flood
# measures that alone.
bench-load:
	@NETSPLIT_BENCH=1 go test ./server -run '^TestBenchLoad$$/$(ONLY)' -count=1 -timeout 0 -v | grep -v '^=== \|^ *--- '

# The Dockerfile's build lines for both machines, and the program in an empty root, as the image's user. Needs root, not Docker.
image-check:
	@.ci/image

# FUZZTIME=N is a time, or as 1000000x a number of inputs for each: 2500000x are ten million frames, links and scenarios.
FUZZTIME ?= 2m
soak-fuzz:
	go test ./sim -run '^$$' -fuzz FuzzDelay -fuzztime $(FUZZTIME)
	go test ./sim/foreign -run '^$$' -fuzz FuzzRead -fuzztime $(FUZZTIME)
	go test ./sim/study -run '^$$' -fuzz FuzzScenario -fuzztime $(FUZZTIME)
	go test ./sim/study -run '^$$' -fuzz FuzzCommand -fuzztime $(FUZZTIME)
	go test ./server -run '^$$' -fuzz FuzzMessage -fuzztime $(FUZZTIME)
	go test ./server -run '^$$' -fuzz 'FuzzNote$$' -fuzztime $(FUZZTIME)
	go test ./server -run '^$$' -fuzz FuzzRun -fuzztime $(FUZZTIME)
	go test ./server -run '^$$' -fuzz FuzzEmbed -fuzztime $(FUZZTIME)
	go test ./server -run '^$$' -fuzz FuzzFrame -fuzztime $(FUZZTIME)
	go test ./server -run '^$$' -fuzz FuzzStranger -fuzztime $(FUZZTIME)

# Measures the page in a headless browser, and how long FOR its memory is watched: 30m for the whole.
FOR ?= 3m
bench-web:
	@NETSPLIT_BENCH=1 FOR=$(FOR) go test ./server -run '^TestBenchWeb$$' -count=1 -timeout 0 -v
