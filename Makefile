# What a change goes through: make build, make test, make lint. Everything
# else is for showing and measuring.

GROUPS  := $(notdir $(wildcard plugins/*))
PLUGINS := build/libexec/impt/plugins
EXE     := $(shell go env GOEXE)
TOOL    := go tool -modfile=tools/go.mod
# Without its tracing pages gRPC does not bring net/http and templates along.
FLAGS   := -trimpath -tags grpcnotrace -ldflags "-s -w"

export CGO_ENABLED = 0

.PHONY: all build test race lint generate check-generated manual node breaking cross vuln demo picture bench compare specs clean

all: build

build: $(GROUPS:%=build-%)
	go build $(FLAGS) -o build/bin/impt$(EXE) ./core/cmd/impt

build-%:
	@mkdir -p $(PLUGINS)
	go build $(FLAGS) -o $(PLUGINS)/impt-plugin-$*$(EXE) ./plugins/$*

test:
	go test ./...

# The program itself is raced by the transcripts of one group: those of all take
# a quarter of an hour.
race:
	CGO_ENABLED=1 go test -race $(filter-out %/halfway %/fleet,$(shell go list ./core/internal/... ./sdk/...)) ./plugins/dg

lint:
	go vet ./...
	$(TOOL) golangci-lint run
	$(TOOL) buf lint

# What follows from the contract and from the declarations of commands.
generate:
	$(TOOL) buf generate
	gofmt -w sdk/proto
	cp sdk/proto/impt/plugin/v1/*.proto examples/greenhouse/proto/impt/plugin/v1/

manual: build
	go run ./core/cmd/manual

check-generated: generate manual
	git diff --exit-code -- sdk/proto docs/manual.md examples/greenhouse/proto

# The libraries of the example in another language; without npm its test is
# skipped.
node:
	@if command -v npm >/dev/null; then cd examples/greenhouse && npm ci --ignore-scripts --no-audit --no-fund; else echo "npm is not here"; fi

# The contract of the last tag, or of main, must still be spoken.
breaking:
	$(TOOL) buf breaking --against ".git#$$(git describe --tags --abbrev=0 >/dev/null 2>&1 && echo tag=$$(git describe --tags --abbrev=0) || echo branch=main)"

cross:
	for os in linux darwin windows; do for arch in amd64 arm64; do \
		echo $$os/$$arch; GOOS=$$os GOARCH=$$arch go build $(FLAGS) ./... || exit 1; \
	done; done

vuln:
	$(TOOL) govulncheck ./...

# The main job from login to log, through real plugins, against a simulated
# impCloud on this machine.
demo: build
	go run ./examples/tour -impt build/bin/impt$(EXE)

# The README's picture, from a real run.
picture: build
	go run ./examples/tour -impt build/bin/impt$(EXE) -svg docs/tour.svg

# Times impt, and the peer beside it if PEER names its executable.
bench: build
	go run ./core/cmd/bench -impt build/bin/impt$(EXE) $(if $(PEER),-peer $(PEER))

# Runs command lines through impt and through the peer, and compares all that
# can be seen of both.
compare: build
	go run ./core/cmd/compare -impt build/bin/impt$(EXE) -peer $(PEER)

# Runs the specifications that come with the peer, whose folder PEER names, with
# impt; with SELF=1 with the peer itself. They need Node and the peer's
# dependencies.
specs: build
	go run ./core/cmd/specs -peer $(PEER) $(if $(SELF),,-impt build/bin/impt$(EXE))

clean:
	rm -rf build
