# What people do with this repository. `make` alone lists it.
PYTHON ?= python3
PY := .venv/bin/python
# One process for all steps: the application is loaded once.
START := from flask.cli import cli; [cli.main(["--app", "wsgi", *words.split()], standalone_mode=False) for words in \
         ("init", "demo load --if-empty", "serve")]
PIP := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps

# A stamp is named after the lock it was made from: a later start installs nothing.
RUN_STAMP := .venv/runs-$(firstword $(shell cksum < requirements.lock))
DEV_STAMP := .venv/tests-$(firstword $(shell cksum < requirements-dev.lock))

.PHONY: help run test check bench bench-quick screens format translations lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /make \1\t/' | expand -t 22

run: $(RUN_STAMP) ## the platform with demo content on 127.0.0.1 (PORT, DATA_DIR and more: .env.example)
	@exec $(PY) -c '$(START)'

test: $(DEV_STAMP) ## all tests, on SQLite and PostgreSQL
	@.ci/packages
	@$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

check: $(DEV_STAMP) ## style, types, storeys, templates, libraries, translations
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-logo
	@$(PY) -m djlint templates --lint --quiet
	@$(PY) -m deptry . --no-ansi
	@$(PY) -m tests.house.catalogues

bench: $(DEV_STAMP) ## how fast it is up to a million ideas, in steps: call it until nothing is left (BENCH_DIR)
	@.ci/bench-packages
	@$(PY) -m tests.bench $(ARGS)

bench-quick: $(DEV_STAMP) ## the same with 10,000 ideas, in less than five minutes
	@.ci/bench-packages
	@$(PY) -m tests.bench --quick $(ARGS)

screens: $(DEV_STAMP) ## pictures of the main pages with demo content in docs/screens (needs Chromium)
	@$(PY) -m tests.browser.screens

format: $(DEV_STAMP) ## put Python files into shape
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format --quiet .

translations: $(DEV_STAMP) ## gather the German messages and bring the other languages' catalogues up to date
	@$(PY) -m tests.house.catalogues --update

lock: ## choose the newest versions of all libraries (needs uv)
	@uv pip compile pyproject.toml --upgrade $(LOCK) -o requirements.lock
	@uv pip compile pyproject.toml --group dev -c requirements.lock $(LOCK) -o requirements-dev.lock
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

clean: ## remove what can be made again (var/, your data, stays)
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(RUN_STAMP): requirements.lock | .venv/bin/python
	@echo "Installing the libraries, once …"
	@$(PIP) -r requirements.lock
	@rm -f .venv/runs-* && touch $@

$(DEV_STAMP): requirements-dev.lock | .venv/bin/python
	@echo "Installing the libraries and the tools for tests, once …"
	@$(PIP) -r requirements-dev.lock
	@rm -f .venv/tests-* .venv/runs-* && touch $@ $(RUN_STAMP)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=…")'
	@$(PYTHON) -m venv .venv
