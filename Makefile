# make demo | make test | make check | make bench: everything installs into .venv first.
# PYTHON names another interpreter (3.11 or newer): make demo PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := partner_kpis partner_kpis_cli pipelines dashboards
DASHBOARD ?= 1
DEMO_HOME ?= demo-home
# Three files of tests at once: a small run uses little more than one core, and waits in between. In
# the order of their folders, which ends with many short ones: by number of tests, the longest files
# would come last.
SIDE_BY_SIDE := --numprocesses 3 --dist loadfile --no-loadscope-reorder

.PHONY: help install install-dev demo test test-slow check docs format bench lock clean

help:
	@echo "make demo       install, make demo exports, run the pipeline, serve the scorecards"
	@echo "                (DASHBOARD=0 ends after publishing)"
	@echo "make test       install and pass all tests"
	@echo "make test-slow  the long simulations with their full numbers"
	@echo "make check      format, lint, types, import rules"
	@echo "make docs       write docs/kpis from the definitions"
	@echo "make bench      measure commands, pages and documents against their bounds"

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "== Installing into $(VENV) from requirements.lock (a few minutes the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@$(BIN)/python -m pipelines.checkout
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "== Installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

demo: install
	@echo "== Demo in $(DEMO_HOME)"
	@$(BIN)/partner-kpis demo --home $(DEMO_HOME) $(if $(filter 0,$(DASHBOARD)),--no-dashboard)

test: install-dev check
	@echo "== Tests"
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE)

test-slow: install-dev
	@echo "== Tests, long simulations with their full numbers"
	@$(BIN)/python -m pytest -m slow --timeout 3600 $(SIDE_BY_SIDE)

check: install-dev
	@echo "== Format"
	@$(BIN)/ruff format --check --quiet .
	@echo "== Lint"
	@$(BIN)/ruff check --quiet .
	@echo "== Types"
	@$(BIN)/mypy --no-error-summary
	@echo "== Import rules"
	@$(BIN)/lint-imports --no-logo > $(VENV)/import-rules.log || { cat $(VENV)/import-rules.log; exit 1; }

docs: install
	@$(BIN)/python -m partner_kpis.kpi_docs

format: install-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Both are run and written, even when a bound of the first does not hold.
bench: install-dev
	@failed=0; for part in run pages documents; do \
		$(BIN)/python -m benchmarks.$$part --write || failed=1; done; exit $$failed

# Needs uv (https://docs.astral.sh/uv). The locks hold hashes and no address.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate --quiet -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate --quiet -o requirements-dev.lock

clean:
	rm -rf $(VENV) demo-home dbt_project/target .mypy_cache .ruff_cache .pytest_cache
