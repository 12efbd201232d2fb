# make demo     plan the embedded areas, into out/
# make fast     the tests that are quick, in under a minute
# make test     everything that must hold: lint, then all tests
# make lint     format, rules, types (Linux and Windows), layering
# make format   write the format and what ruff can fix
# make coverage the share of code that the quick tests run, which may not fall
# make words    bring the message catalogues up to date with the source, list what lacks Chinese
# make clean    remove .venv, results and what tools keep
PYTHON ?= python3
PROCESSES ?= 2
BIN := .venv/bin
PYTEST := $(BIN)/pytest --numprocesses $(PROCESSES) --dist worksteal
export OPENBLAS_NUM_THREADS := 1

.PHONY: setup demo format lint fast test coverage words clean
setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: setup
	$(BIN)/planner demo

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32
	$(BIN)/lint-imports

fast: setup
	$(PYTEST) -m "not slow"

test: lint
	$(PYTEST)

coverage: setup
	$(PYTEST) -m "not slow" --cov --cov-report=term:skip-covered

words: setup
	$(BIN)/python -m scripts.words

clean:
	rm -rf .venv out .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
