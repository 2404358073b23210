# Wirewatch. `make help` lists what there is.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Wirewatch needs Python 3.11 to 3.13, this is " + sys.version.split()[0]) if not (3, 11) <= sys.version_info[:2] <= (3, 13) else None'
	@echo "Installing into $(VENV) (about a minute the first time) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: install
install: $(STAMP) ## make .venv from the lock file; nothing when up to date

.PHONY: run
run: $(STAMP) ## watch the sample wire; the page is http://127.0.0.1:8321/
	@exec $(BIN)/wirewatch run --config config --data var

.PHONY: test
test: $(STAMP) ## the default suite, then the same stories on a real Kafka where one can be had
	@$(BIN)/python -m pytest
	@$(MAKE) --no-print-directory test-kafka

.PHONY: test-kafka
test-kafka: $(STAMP) ## the stories, losses and faults on a real broker
	@$(BIN)/python -m pytest -m kafka tests

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

.PHONY: lock
lock: ## solve the dependencies again (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --extra dev \
		--custom-compile-command "make lock" pyproject.toml -o requirements.lock
