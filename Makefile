# Deskwatch: `make help` lists what can be done.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO          ?= go
SUDO        := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# What a fresh Debian or Ubuntu machine lacks, by purpose.
GO_PACKAGES     := golang-go ca-certificates
BUILD_PACKAGES  := gcc libc6-dev pkg-config libgl1-mesa-dev libegl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev
WINDOW_PACKAGES := xvfb dbus openbox xdotool x11-utils libgl1-mesa-dri
BENCH_PACKAGES  := sqlite3 wrk

# The MongoDB of the tests is a program of this project's own for Node.js 18 or newer.
MONGO_SERVER   := core/mongostore/mongotest/server
MONGO_PACKAGES := $(MONGO_SERVER)/node_modules/.package-lock.json

# Go older than 1.21 cannot fetch the toolchain go.mod asks for; Debian's backports have one that can.
define need_go
	@if ! command -v $(GO) >/dev/null; then \
	  command -v apt-get >/dev/null || { echo "Go 1.21 or newer is needed and was not found."; exit 1; }; \
	  $(SUDO) apt-get update -qq; $(SUDO) apt-get install -y -qq --no-install-recommends $(GO_PACKAGES); \
	fi; \
	minor=$$(GOTOOLCHAIN=local $(GO) env GOVERSION | sed -E 's/^go1\.([0-9]+).*/\1/'); \
	if [ "$$minor" -lt 21 ]; then \
	  release=$$(. /etc/os-release; echo "$$VERSION_CODENAME"); \
	  $(SUDO) apt-get install -y -qq --no-install-recommends -t "$$release-backports" golang-go || \
	  { echo "Go 1.21 or newer is needed; this machine offers 1.$$minor. Install a newer Go and run make again."; exit 1; }; \
	fi
endef

# $(call need,PACKAGES) installs the missing ones, or says what to install where there is no apt.
define need
	@missing=""; \
	if command -v dpkg-query >/dev/null; then \
	  for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	  if [ -n "$$missing" ]; then \
	    echo "Installing:$$missing"; \
	    $(SUDO) apt-get update -qq; DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  fi; \
	else echo "No apt on this machine; these Debian packages, or their like, are needed: $(1)"; fi
endef

# Where Node comes from a vendor's package it brings npm along, so the programs are asked for.
define need_node
	@missing=""; for p in node npm; do command -v $$p >/dev/null || missing="$$missing $${p/#node/nodejs}"; done; \
	if [ -n "$$missing" ]; then \
	  command -v apt-get >/dev/null || { echo "Node.js 18 or newer and npm are needed and were not found."; exit 1; }; \
	  echo "Installing:$$missing"; \
	  $(SUDO) apt-get update -qq; DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing ca-certificates >/dev/null; \
	fi; \
	major=$$(node -p 'process.versions.node.split(".")[0]'); \
	[ "$$major" -ge 18 ] || { echo "Node.js 18 or newer is needed; this machine has $$(node --version)."; exit 1; }
endef

.PHONY: help run build test test-core test-ui test-race test-window lint vuln bench clean need-go need-build need-window need-bench need-node need-mongo

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

need-go: ; $(need_go)
need-build: need-go ; $(call need,$(BUILD_PACKAGES))
need-window: need-build ; $(call need,$(WINDOW_PACKAGES))
need-bench: need-go need-mongo ; $(call need,$(BENCH_PACKAGES))
need-node: ; $(need_node)
need-mongo: need-node $(MONGO_PACKAGES)

$(MONGO_PACKAGES): $(MONGO_SERVER)/package-lock.json | need-node
	npm ci --prefix $(MONGO_SERVER) --ignore-scripts --no-audit --no-fund --loglevel=error

run: build ## build and open the window
	bin/deskwatch

# The toolkit's own colour emoji cost 15 MB of memory; without them the system's emoji font serves.
build: need-build ## build bin/deskwatch and bin/deskwatchd
	CGO_ENABLED=1 $(GO) build -trimpath -tags migrated_fynedo,no_emoji -o bin/deskwatch ./cmd/deskwatch
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/deskwatchd ./cmd/deskwatchd

test: test-core test-ui test-race test-window ## run every test, the real-window test included

test-core: need-go need-mongo
	DESKWATCH_MONGO_TEST=1 CGO_ENABLED=0 $(GO) test ./core/... ./cmd/deskwatchd/... ./assets/...

test-ui: need-go
	CGO_ENABLED=0 $(GO) test ./ui/...

# SQLite itself is C turned into Go, whose threads its own mutexes keep apart. Watched by the race
# detector it takes ten times as long and nothing of ours is seen better, so it alone is left out.
test-race: need-build need-mongo
	DESKWATCH_MONGO_TEST=1 CGO_ENABLED=1 $(GO) test -race -gcflags=modernc.org/...=-race=false -short -timeout 30m ./core/...

test-window: need-window build
	DESKWATCH_WINDOW_TEST=1 CGO_ENABLED=1 $(GO) test -trimpath -tags migrated_fynedo -count=1 ./cmd/deskwatch/...

lint: need-build need-node ## gofmt, go vet, staticcheck and node --check
	@unformatted=$$(gofmt -l assets cmd core ui); [ -z "$$unformatted" ] || { echo "not gofmt'ed:"; echo "$$unformatted"; exit 1; }
	$(GO) vet -tags migrated_fynedo ./...
	$(GO) run $(STATICCHECK) -tags migrated_fynedo ./...
	for f in $(MONGO_SERVER)/*.mjs; do node --check $$f; done

vuln: need-build ## look for known holes in the libraries; asks the Go project's database
	$(GO) run golang.org/x/vuln/cmd/govulncheck@v1.1.4 -tags migrated_fynedo,no_emoji ./cmd/...

bench: need-bench need-window build ## measure tickets, predictions, then imports and breach finding: against sqlite3, on both order books, against the older pipeline (docs/performance.md)
	CGO_ENABLED=0 $(GO) test -run '^$$' -bench 'BenchmarkPool|Predictions|BenchmarkScores' -benchtime 1x -timeout 60m ./core/store/
	CGO_ENABLED=0 $(GO) test -run '^$$' -bench BenchmarkTrain -benchtime 1x -timeout 60m ./core/predict/
	CGO_ENABLED=0 $(GO) test -run '^$$' -bench 'Score|Explain|Digest' ./core/predict/
	DESKWATCH_WINDOW_TEST=1 CGO_ENABLED=1 $(GO) test -trimpath -tags migrated_fynedo -run '^$$' -bench Window -benchtime 1x -timeout 60m ./cmd/deskwatch/
	DESKWATCH_MONGO_TEST=1 CGO_ENABLED=0 $(GO) test -run '^$$' -bench . -benchtime 1x -timeout 60m ./cmd/deskwatchd/
	DESKWATCH_MONGO_TEST=1 CGO_ENABLED=0 $(GO) test -run '^$$' -bench Million -benchtime 1x -timeout 60m ./core/mongostore/

clean: ## remove what was built
	rm -rf bin dist
