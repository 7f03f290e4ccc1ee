# demo: a register of 20,000 made-up companies, and the leads in it.   test: the tests.   check: style, types, layers.
# coverage: the tests, and which lines none of them runs.   docs: the pages that are made from the code.
# codelists: the tables that are made from lists that others keep.
# Each makes its own environment in .venv, and makes it again when requirements.txt or pyproject.toml changed.

BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test coverage check docs codelists
.SILENT:

demo: $(READY)
	$(BIN)/graphleads --home data/demo demo

test: $(READY)
	$(BIN)/pytest -q -n auto -m "not service"

coverage: $(READY)
	$(BIN)/pytest -q -n auto -m "not service" --cov --cov-report=term

check: $(READY)
	$(BIN)/ruff format --quiet --check .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo

docs: $(READY)
	$(BIN)/python -m graphleads.view.schema > docs/tables.md
	$(BIN)/python -m graphleads.view.setting > docs/settings.md
	$(BIN)/python -m docs.rooms
	$(BIN)/python -m docs.customer_words

codelists: $(READY)
	page=$$($(BIN)/python -m codelists) && printf '%s\n' "$$page" > codelists/README.md

$(READY): requirements.txt pyproject.toml
	python=$$(for name in python3.11 python3 python3.12 python3.13 python3.14 python; do \
		"$$name" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done); \
	test -n "$$python" || { echo "Python 3.11 or later with its venv module is needed, and none is on the PATH." >&2; exit 1; }; \
	echo "Making the environment in .venv with $$python (once; a minute or two)." >&2; \
	"$$python" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --editable .
	touch $@
