# Remit: one command per job. “make help” lists them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export REMIT_HOME ?= $(CURDIR)/.remit

.DEFAULT_GOAL := help
.PHONY: help install demo check test lint types build serve docs bench bench-scale w3c remote slow assets clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(BIN)/remit: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[test]'
	@touch $(BIN)/remit

install: $(BIN)/remit ## Install into a virtual environment

demo: install ## Install, build the graph from the registers, and serve it on http://127.0.0.1:8000/
	$(BIN)/remit build
	$(BIN)/remit serve

check: install lint types test ## Install and run every check that CI runs

lint: install ## Style of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install ## Types of the code
	$(BIN)/mypy

test: install ## The tests
	$(BIN)/pytest -n 2 --dist loadfile

build: install ## Build the store and put it into service
	$(BIN)/remit build

serve: install ## Serve the build in service
	$(BIN)/remit serve

assets: ## Rebuild server/static from the NHS design system (needs Node.js 20)
	npm --prefix server/assets ci
	npm --prefix server/assets run build

bench: build ## Measure against the bare engine and peers (PEERS: see tests/bench/__main__.py)
	$(BIN)/python tests/bench $(REMIT_HOME) $(PEERS)

bench-scale: install ## Build a generated register of 300,000 organisations beside the bare engine: time, memory, disk
	$(BIN)/python tests/bench/scale.py $(REMIT_HOME)/scale

w3c: install ## The W3C suites (protocol, graph store, evaluation); REMIT_W3C_TESTS names the folder of rdf-tests
	$(BIN)/pytest tests/w3c

remote: install ## Answers over the SPARQL server of REMIT_TEST_ENDPOINT (with REMIT_TEST_HOME), or the protocols (with REMIT_TEST_UPDATE)
	@test -n "$(REMIT_TEST_ENDPOINT)" -a -n "$(REMIT_TEST_HOME)$(REMIT_TEST_UPDATE)" || \
		{ echo "Set REMIT_TEST_ENDPOINT and REMIT_TEST_HOME, or REMIT_TEST_ENDPOINT and REMIT_TEST_UPDATE: see /docs/remote." >&2; exit 2; }
	$(BIN)/pytest $(if $(REMIT_TEST_UPDATE),tests/w3c/test_protocol.py tests/w3c/test_graph_store.py,\
		tests/remote tests/questions/test_questions.py $(wildcard tests/server/answers/test_*_goldens.py tests/server/answers/*/test_*_goldens.py))

slow: install ## The slow suites: contract, kill
	$(BIN)/pytest -m slow

clean: ## Remove the virtual environment and the builds
	rm -rf $(VENV) .remit
