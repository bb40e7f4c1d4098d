# The whole platform in two commands: `make run` and `make test`. Each does its own set-up.
PYTHON ?= python3
BIN := .venv/bin
SIZE ?= normal
.DEFAULT_GOAL := help
.PHONY: help run test check format demo translations bench requirements clean

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "make %-13s %s\n", $$1, $$2}'

.venv/created: deploy/system.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Install first:  sudo apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/run: .venv/created requirements.txt requirements-demo.txt
	@deploy/system.sh run
	@echo "Installing the pinned packages …"
	@$(BIN)/pip install -qq --disable-pip-version-check -r requirements.txt -r requirements-demo.txt
	@touch $@

.venv/test: .venv/run requirements-dev.txt
	@deploy/system.sh test
	@$(BIN)/pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: .venv/run  ## start the whole platform with demo data; Ctrl-C stops it
	@exec $(BIN)/python -m deploy.local

test: .venv/test check  ## lint, types, every test on both databases, journeys in a real browser
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: .venv/test  ## lint, format and types only
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .
	@$(BIN)/mypy

format: .venv/test  ## format the code and mend what can be mended
	@$(BIN)/ruff check -q --fix . || true
	@$(BIN)/ruff format -q .

demo: .venv/run  ## fill an empty database with demo data; SIZE=large (or medium) for measuring
	@$(BIN)/alembic upgrade head
	@$(BIN)/python -m core.demo $(SIZE)

translations: .venv/run  ## collect the texts; lists those without Dutch
	@$(BIN)/python -m deploy.translations

bench: .venv/test  ## measure; prints a table and writes bench/results/latest.json
	@$(BIN)/python -m bench

requirements: .venv/test  ## pin the packages anew from the .in files
	@for name in requirements requirements-demo requirements-dev; do \
		$(BIN)/pip-compile -q --upgrade --strip-extras --no-header --no-emit-index-url --no-emit-find-links \
			--no-emit-trusted-host --no-emit-options --annotation-style=line -o $$name.txt $$name.in || exit 1; done

clean:  ## remove the virtual environment and the caches; data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
