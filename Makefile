# Two targets are for everybody: `make run` and `make test`. Both set up what they need, quickly the second time.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help run setup test lint bench migrations constraints clean

help:
	@echo "make run     set up, load the demo shop, build its feeds, serve on http://127.0.0.1:8000"
	@echo "make test    set up, then every check: all tests on both engines, with ruff, mypy and the layers among them"
	@echo "make bench   100,000 products against yardsticks"
	@echo "make clean   remove what was made here (not the data)"

run: setup
	$(BIN)/pim demo
	$(BIN)/pim feeds run --all
	$(BIN)/pim serve

setup: .venv/run.stamp
	@$(BIN)/python -m pim.frontend
	@$(BIN)/python -m demo_source.pictures

test: .venv/test.stamp setup
	$(BIN)/python -m pytest -n 2 -q

lint: .venv/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: setup
	$(BIN)/python -m bench
	$(BIN)/python -m bench.workplace

# After a change to the tables: make migrations REV=0002 MESSAGE="assets know their licence"
migrations: .venv/test.stamp
	home=$$(mktemp -d) && export PIM_HOME=$$home && $(BIN)/alembic -c setup.cfg upgrade head && \
	$(BIN)/alembic -c setup.cfg revision --autogenerate --rev-id "$(REV)" -m "$(MESSAGE)"; rm -rf "$$home"

# The newest versions that fit setup.cfg; run the tests before committing what this writes.
constraints:
	rm -rf .make/newest && $(PYTHON) -m venv .make/newest
	.make/newest/bin/pip install --quiet --disable-pip-version-check '.[all,test,dev]'
	.make/newest/bin/pip freeze | grep -v '^etalage' >constraints.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Etalage needs Python 3.11 or newer; say which with PYTHON=...")'
	$(PYTHON) -m venv .venv

.venv/run.stamp: setup.cfg constraints.txt | .venv/bin/python
	$(PIP) --editable .
	@touch $@

.venv/test.stamp: setup.cfg constraints.txt .venv/run.stamp
	$(PIP) --editable '.[test,dev]'
	@touch $@

clean:
	rm -rf .venv .make build dist etalage.egg-info node_modules pim/static/vendor .pytest_cache .mypy_cache .ruff_cache .hypothesis
