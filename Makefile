# Detente: what a person types. `make help` lists the targets.
#
# Everything is installed into a virtual environment in the tree. Stamp files in it remember what has been
# installed, so that a second run starts at once. Every package comes in the version that constraints.txt
# names and is checked against the hashes there.

PYTHON ?= python3
VENV ?= .venv
JOBS ?= auto
# Everything that the demo writes is in this folder.
DEMO ?= build/demo
GUM ?= gum
PUD ?= pud
PYTEST_ARGS ?=
BENCH_ARGS ?=
# The oldest Python that is supported: the lowest versions of the dependencies are made for it.
LOWEST_PYTHON ?= $(shell command -v python3.11 || echo $(PYTHON))
MUTANTS_ARGS ?=

# What `make test-fast` runs: something of every room, and nothing that takes long.
FAST := tests/present tests/engines/test_by_hand.py \
	$(addprefix tests/contracts/test_,analyze_json.py conflict_file.py) \
	$(addprefix tests/literature/test_,equilibria.py looking_ahead.py unsure.py) \
	$(addprefix tests/docs/test_,house.py style.py) \
	$(addprefix tests/unit/,concepts model present render verification/test_verify.py report/test_briefing.py) \
	$(addprefix tests/unit/test_,imports.py layout.py lazy.py public_names.py) \
	$(addprefix tests/unit/analysis/test_,comparison.py inverse.py perception.py result.py third_party.py) \
	$(addprefix tests/unit/cli/test_,analyze_many.py concepts.py) \
	$(addprefix tests/unit/editing/test_,edit.py) \
	$(addprefix tests/unit/io/,test_conflict_file.py test_gmcr.py yaml/test_fields.py yaml/test_merge.py) \
	$(addprefix tests/unit/reading/,test_factuality.py test_quotations.py test_rule_tagger.py) \
	$(addprefix tests/unit/web/test_,concept_choice.py forms.py parties.py)

BIN := $(VENV)/bin
UV := $(BIN)/uv
LOWEST := build/lowest
LOWEST_TESTS := tests/present tests/unit/io/yaml tests/unit/cli/test_output.py tests/unit/verification \
	tests/engines/test_choice.py tests/unit/web/test_connections.py
STAMP_UV := $(VENV)/.stamp-uv
STAMP_CORE := $(VENV)/.stamp-core
STAMP_DEMO := $(VENV)/.stamp-demo
STAMP_DEV := $(VENV)/.stamp-dev
INSTALL := $(UV) pip install --quiet --python $(BIN)/python -c constraints.txt --build-constraints constraints.txt

# The tests start the command hundreds of times: where nothing may be kept compiled, each start compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast test-all test-lowest mutants check format docs bench reader realtext lock clean install dev

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(STAMP_DEMO) ## propose a model from three reports, analyse the corrected one, then a real dispute
	@echo "== 1. Three invented reports are read, and a model is proposed: $(DEMO)/draft.conflict.yaml"
	@$(BIN)/detente examples --demo $(DEMO) --force
	@$(BIN)/detente draft $(DEMO)/reports -o $(DEMO)/draft.conflict.yaml --force
	@echo "== 2. A person has corrected it: $(DEMO)/corrected.conflict.yaml"
	@$(BIN)/detente analyze $(DEMO)/corrected.conflict.yaml
	@$(BIN)/detente report $(DEMO)/corrected.conflict.yaml -o $(DEMO)/report.html --force
	@echo "Open $(DEMO)/report.html in a browser. To correct the draft there: $(BIN)/detente serve $(DEMO)"
	@echo "== 3. A real dispute from the catalogue"
	@$(BIN)/detente analyze example:ukraine-2023
	@$(BIN)/detente explain example:ukraine-2023 --state "status quo"
	@echo "The report of the first dispute: $(DEMO)/report.html"

test: $(STAMP_DEV) ## run the tests (PYTEST_ARGS="tests/unit -k word" for some of them)
	@$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

test-fast: $(STAMP_DEV) ## run a quick selection of the tests, with few examples
	@DETENTE_EXAMPLES=few $(BIN)/python -m pytest -n $(JOBS) -m "not slow and not fresh" \
		$(FAST) $(PYTEST_ARGS)

test-all: $(STAMP_DEV) ## run the tests with all examples of every property
	@DETENTE_EXAMPLES=all $(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

test-lowest: $(STAMP_UV) ## run some tests on the lowest versions of the dependencies
	@$(LOWEST_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "make test-lowest: left out, because it needs Python 3.11; name it with LOWEST_PYTHON=..."; exit 0; }; \
	$(UV) venv --quiet --clear --python $(LOWEST_PYTHON) $(LOWEST) && \
	$(UV) pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct --editable '.[all]' && \
	$(UV) pip install --quiet --python $(LOWEST)/bin/python \
		pytest pytest-xdist hypothesis jsonschema markdown-it-py python-docx && \
	DETENTE_EXAMPLES=few $(LOWEST)/bin/python -m pytest -n $(JOBS) -p no:cacheprovider \
		-m "not slow and not fresh" $(LOWEST_TESTS)

mutants: $(STAMP_DEV) ## check that the tests fail on known wrong definitions
	@$(BIN)/python -m tests.mutants $(MUTANTS_ARGS)

check: $(STAMP_DEV) ## lint, format, types, documentation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html

format: $(STAMP_DEV) ## put the code in the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(STAMP_DEV) ## build the documentation into docs/_build/html
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: $(STAMP_DEV) ## measure the engines (BENCH_ARGS="--largest 12" for a short run of the explicit one)
	$(BIN)/python -m benchmarks.explicit_engine $(BENCH_ARGS)
	$(BIN)/python -m benchmarks.symbolic_engine

reader: $(STAMP_DEV) ## train what `read` reads with (GUM=folder of a copy of GUM; see training/requirements.txt)
	@$(BIN)/python -m training gum $(GUM) build/gum
	@$(BIN)/python -m training train corpora/attribution/passages --partial build/gum \
		--whole --force -o src/detente/reading/data/tagger.npz

realtext: $(STAMP_DEV) ## score `read` on real text (GUM=folder, PUD=folder: copies; see corpora/realtext/README.md)
	@$(BIN)/python -m training realtext $(GUM) $(PUD)

lock: $(STAMP_UV) ## resolve the dependencies anew into constraints.txt
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --all-extras --upgrade \
		--no-emit-index-url --no-emit-find-links --python-version 3.11 pyproject.toml -o constraints.new
	@if grep -n -i -E 'https?:|file:|--(extra-)?index-url|--find-links| @ ' constraints.new; then \
		echo "make lock: the lines above name an address; constraints.txt names packages and hashes only." >&2; \
		echo "make lock: constraints.txt is left as it was." >&2; \
		rm -f constraints.new; exit 1; fi
	@mv constraints.new constraints.txt

clean: ## remove what was built (the virtual environment stays)
	rm -rf build dist docs/_build docs/catalogue/generated docs/reference/generated \
		docs/reference/schema.md src/detente/web/bundle src/detente/web/frontend/node_modules .mypy_cache \
		.pytest_cache .ruff_cache .hypothesis
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

install: $(STAMP_CORE) ## install the package and what it needs into the virtual environment

dev: $(STAMP_DEV) ## install the package with the tools for developing it

$(STAMP_UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Detente needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	@sed -n '/^uv==/,/[^\\]$$/p' constraints.txt > $(VENV)/uv-requirement.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r $(VENV)/uv-requirement.txt
	@touch $@

$(STAMP_CORE): pyproject.toml constraints.txt | $(STAMP_UV)
	@$(INSTALL) --editable .
	@touch $@

$(STAMP_DEMO): pyproject.toml constraints.txt | $(STAMP_UV)
	@$(INSTALL) --editable '.[reading,report,web]'
	@touch $@ $(STAMP_CORE)

$(STAMP_DEV): pyproject.toml constraints.txt | $(STAMP_UV)
	@$(INSTALL) --editable '.[dev]'
	@touch $@ $(STAMP_CORE) $(STAMP_DEMO)
