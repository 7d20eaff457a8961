# Sentio. `make run` and `make test` are all that a newcomer needs; each sets up what it lacks.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

# Where the peers' scripts (setup.sh, bench_peers.py) stand, for `make bench-peers`.
PEERS ?= ../shared/peers
# Songs that the finished models of `make run` predict, where there are any.
NEW_SONGS ?= $(wildcard ../shared/data/deam)
SENTIO = Examples/.build/release/sentio
BENCH = Benchmarks/.build/release/sentio-bench

.PHONY: help setup build run smoke test lint format docs doctor bench bench-peers fuzz sanitize-address sanitize-thread check clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

setup: ## Install the libraries that are missing (apt, through sudo when not root)
	@.ci/setup.sh

build: setup ## Build the command line tool
	@swift build -c release --package-path Examples --product sentio

run: build ## The main job: songs in, valence and arousal out, Reports/demo/  [DATA=dir] [ARGS=…]
	@$(SENTIO) run $(if $(DATA),--data "$(DATA)") $(if $(NEW_SONGS),--new-songs $(NEW_SONGS)) $(ARGS)

smoke: build ## The main job on a tiny synthetic corpus, into a temporary folder
	@dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	  $(SENTIO) run --preset smoke --output "$$dir/report"

test: setup ## Run every package's tests
	@.ci/test.sh

lint: ## Check format, documentation and the house rules
	@.ci/lint.sh

format: ## Rewrite the sources in the house format
	@git ls-files '*.swift' | xargs swift format -i --parallel

docs: setup ## Build the DocC archives of every package into Docs/.build/ (warnings are errors)
	@.ci/docs.sh

doctor: ## Say what this machine has, what is missing and how to mend it
	@.ci/setup.sh --check
	@swift build -c release --package-path Examples --product sentio >&2
	@$(SENTIO) doctor

bench: setup ## Time every stage: [FILTER="id-part …"] [FORMAT=jsonl] [SECONDS_EACH=2]
	@swift build -c release --package-path Benchmarks --product sentio-bench >&2
	@$(BENCH) $(if $(FILTER),--filter $(FILTER)) $(if $(FORMAT),--format $(FORMAT)) $(if $(SECONDS_EACH),--seconds $(SECONDS_EACH))

bench-peers: setup ## Time ours and the peers in turn, id by id, three rounds: [FILTER="id-part …"]
	@swift build -c release --package-path Benchmarks --product sentio-bench >&2
	@python3 Benchmarks/compare-peers.py --ours $(BENCH) --peers "$(PEERS)" $(if $(FILTER),--filter $(FILTER))

fuzz: setup ## Feed mutated files to every reader under AddressSanitizer: [COUNT=2000]
	@swift build -c debug --sanitize=address --package-path Benchmarks --product sentio-fuzz --scratch-path Benchmarks/.build-asan >&2
	@Benchmarks/.build-asan/debug/sentio-fuzz --count $(or $(COUNT),2000)

sanitize-address: setup ## Run the tests of tensors and of their files' readers under AddressSanitizer
	@LSAN_OPTIONS=suppressions=$(CURDIR)/Packages/SentioTensor/Tests/Sanitizers/leak-suppressions.txt \
	  swift test -c debug --sanitize=address --package-path Packages/SentioTensor --scratch-path Packages/SentioTensor/.build-asan

# libgomp is not instrumented: its barriers would look like races, and so each loop has one thread. What
# these tests look for are races between tasks.
sanitize-thread: setup ## Run the tests of several tasks at once under ThreadSanitizer
	@OMP_NUM_THREADS=1 TSAN_OPTIONS=suppressions=$(CURDIR)/Packages/SentioTensor/Tests/Sanitizers/thread-suppressions.txt \
	  swift test -c debug --sanitize=thread --package-path Packages/SentioTensor --scratch-path Packages/SentioTensor/.build-tsan \
	  --filter 'Concurrency|severalTasks|severalThreads|threadsChangeNoBit|TensorForm'

check: ## What the checks run: set-up, lint, tests, packaging, docs, fuzz, smoke
	@.ci/run

clean: ## Remove build products (data and reports stay)
	@rm -rf .build Packages/*/.build Packages/*/.build-asan Packages/*/.build-tsan Examples/.build Benchmarks/.build Benchmarks/.build-asan Docs/.build
