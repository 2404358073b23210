# Wirewatch. `make help` lists what there is.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
# The real corpora that some measurements read; they say so and stop when it is not there.
CORPORA ?= ../shared/data

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Wirewatch needs Python 3.11 to 3.13, this is " + sys.version.split()[0]) if not (3, 11) <= sys.version_info[:2] <= (3, 13) else None'
	@echo "Installing into $(VENV) (about a minute the first time) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: install
install: $(STAMP) ## make .venv from the lock file; nothing when up to date

.PHONY: run
run: $(STAMP) ## watch the sample wire; the page is http://127.0.0.1:8321/
	@exec $(BIN)/wirewatch run --config config --data var

.PHONY: test
test: $(STAMP) ## the default suite, then the same stories on a real Kafka where one can be had
	@$(BIN)/python -m pytest -n auto --dist worksteal
	@$(MAKE) --no-print-directory test-kafka

.PHONY: test-kafka
test-kafka: $(STAMP) ## the stories, losses and faults on a real broker
	@$(BIN)/python -m pytest -m "kafka and not slow" tests

.PHONY: test-faults
test-faults: $(STAMP) ## kills, outages and rebalances, on both engines (minutes)
	@$(BIN)/python -m pytest -m "slow and not services" tests

.PHONY: test-services
test-services: $(STAMP) ## what needs PostgreSQL, Prometheus or a browser on this machine
	@$(BIN)/python -m pytest -m "services and not slow" tests

.PHONY: kafka
kafka: $(STAMP) ## start a real Kafka on this machine (KRaft, loopback), to try out; `make kafka-down` stops it
	@$(BIN)/python -m tests.harness.kafka up

.PHONY: kafka-down
kafka-down: $(STAMP) ## stop the Kafka of `make kafka`
	@$(BIN)/python -m tests.harness.kafka down

.PHONY: check
check: $(STAMP) ## format, lint, types, import rules, configuration
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/wirewatch check --config config --data var

.PHONY: format
format: $(STAMP) ## put the code into shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: bench
bench: $(STAMP) ## every benchmark, each against its peer in the same run
	@$(BIN)/python -m tests.bench

.PHONY: evaluate
evaluate: $(STAMP) ## how well articles are sorted: the project's own passages, and real corpora where they are
	@$(BIN)/python -m tests.sorting.organisations.aliases.counting
	@$(BIN)/python -m tests.evaluation $(if $(wildcard $(CORPORA)),--data $(CORPORA))
	@$(BIN)/python -m tests.evaluation --tongues

.PHONY: model
model: $(STAMP) ## train the second opinion and the points of signs again from the project's own labels
	@$(BIN)/python -m tests.sorting.organisations.aliases.training --write
	@$(BIN)/python -m tests.training
	@$(BIN)/python -m tests.doers --write $(if $(wildcard $(CORPORA)),--data $(CORPORA))

.PHONY: conformance
conformance: $(STAMP) ## read the feed suites of others; needs CORPORA
	@$(BIN)/python -m tests.conformance --data $(CORPORA)

.PHONY: fuzz
fuzz: $(STAMP) ## 100,000 mutated feeds
	@$(BIN)/python -m tests.fuzzing --count 100000 --seed 1

.PHONY: pages
pages: $(STAMP) ## write the generated pages again: dashboards, list of metrics
	@$(BIN)/python -m tests.deploying.dashboards
	@$(BIN)/python -m tests.deploying.metrics_page

.PHONY: stack-check
stack-check: $(STAMP) ## Kafka, PostgreSQL, Prometheus, Alertmanager and all our processes together; every panel's query
	@$(BIN)/python -m tests.deploying.stack_check

.PHONY: image-check
image-check: ## build the image without a Docker engine and run it (needs root, buildah, debootstrap)
	@tests/deploying/image-check.sh

.PHONY: lock
lock: ## solve the dependencies again (needs uv): what runs, and what develops on top of it
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --extra dev \
		--constraint requirements.lock --custom-compile-command "make lock" pyproject.toml -o requirements-dev.lock
