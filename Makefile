# Everything a person does with this checkout. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT
# Some images set it. Every process would then compile all our modules anew as it starts.
unexport PYTHONDONTWRITEBYTECODE
# One more than there are processors: a journey waits for its browser half of the time.
TEST_PROCESSES ?= $(shell n=$$(( $$(nproc 2>/dev/null || sysctl -n hw.ncpu) + 1 )); echo $$(( n < 8 ? n : 8 )))

.DEFAULT_GOAL := help
.PHONY: help run test check check-format check-imports check-types check-texts check-officer-app fix bench cluster-test install install-test build audit lock

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.run: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Bluelamp needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/test.txt
	@touch $@

node_modules/.installed: package-lock.json
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

officer-app/node_modules/.installed: officer-app/package-lock.json
	@cd officer-app && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

bluelamp/web/static/build/.built: node_modules/.installed $(shell find bluelamp/web/styles bluelamp/web/static -type f -not -path '*/build/*' 2>/dev/null)
	@npm run --silent build
	@touch $@

officer-app/dist/index.html: officer-app/node_modules/.installed $(shell find officer-app/src officer-app/index.html officer-app/public bluelamp/casework -type f -not -name '*.py*' -not -name '*.pyc' 2>/dev/null)
	@cd officer-app && npm run --silent build

build: bluelamp/web/static/build/.built officer-app/dist/index.html

install: $(VENV)/.run build

tests/openid_provider/node_modules/.installed: tests/openid_provider/package-lock.json
	@cd tests/openid_provider && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

install-test: $(VENV)/.test build tests/openid_provider/node_modules/.installed ## install what the tests need
	@$(BIN)/python -m tests.tools

run: install ## install, prepare, load the demo force at first start, serve on 127.0.0.1:$PORT
	@BLUELAMP_DEMO=$${BLUELAMP_DEMO:-1} exec $(BIN)/bluelamp run

check: $(VENV)/.test node_modules/.installed officer-app/node_modules/.installed ## the fast checks: format, lint, types, imports, spelling, templates, dependencies
	@$(MAKE) --no-print-directory -j2 --output-sync=target check-types check-officer-app check-imports check-texts check-format

check-format:
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .
	@$(BIN)/deptry . 2>/dev/null || $(BIN)/deptry .

check-imports:
	@out=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$out"; exit 1; }

check-types:
	@$(BIN)/mypy --no-error-summary

check-texts:
	@$(BIN)/codespell bluelamp officer-app/src officer-app/tests sandbox tests bench docs ops contracts *.md
	@$(BIN)/djlint bluelamp/web --lint --quiet

check-officer-app:
	@cd officer-app && npm run --silent lint

fix: $(VENV)/.test ## format and autofix
	@$(BIN)/ruff format -q . ; $(BIN)/ruff check -q --fix .

test: install-test check ## install what is needed, run every check and test
	@cd officer-app && npm run --silent test
	@$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadscope --no-loadscope-reorder --durations=25

bench: install-test ## the benchmarks, as JSON
	@for name in report upload page; do $(BIN)/bluelamp bench $$name --json || exit 1; done

cluster-test: ## the multi-node suite
	@echo "The multi-node suite comes with the high-availability work; there is none yet." && exit 2

audit: $(VENV)/.test ## ask the lists of known faults about every pinned library (needs a network)
	@$(BIN)/python -m tests.dependency_audit

lock: $(VENV)/.test ## write requirements/*.txt anew from pyproject.toml
	@$(BIN)/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-header -o requirements/run.txt
	@$(BIN)/uv pip compile -q pyproject.toml --extra test --extra check --generate-hashes --no-emit-index-url --no-header -o requirements/test.txt
