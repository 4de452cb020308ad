# Yuexin. `make run` and `make test` do all their own set-up; no other command is needed first.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
export YUEXIN_HOME ?= $(CURDIR)/var
SUBJECTS ?= 5000
PORT     ?= 8000
ONLY     ?=

.PHONY: run fresh setup test check bench soak lock clean

run: $(READY) ## set up, deliver the sample province, serve
	@$(BIN)/python -m tools.province --subjects $(SUBJECTS)
	@$(BIN)/yuexin serve --work --port $(PORT)

fresh: ## forget the sample province and begin again
	@test "$(YUEXIN_HOME)" = "$(CURDIR)/var" || { \
		echo "make fresh only forgets $(CURDIR)/var; YUEXIN_HOME names another folder"; exit 2; }
	rm -rf var
	@$(MAKE) run

setup: $(READY)

$(READY): requirements/dev.txt pyproject.toml src/yuexin/locale/en/LC_MESSAGES/django.po
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked dependencies (about a minute)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m tools.messages compile
	@touch $(READY)

check: $(READY) ## the fast part: style, types, contracts, declarations, unit tests
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -n 2 tests/base tests/house tests/engines/declare

test: $(READY) check ## every test
	@$(BIN)/python -m pytest -n 2 --dist worksteal tests $(addprefix --ignore=tests/,base house engines/declare laws stories faults)
	@$(BIN)/python -m pytest -n 2 --dist worksteal tests/laws
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/stories tests/faults

bench: $(READY) ## print one line of JSON for each figure; ONLY=name for one
	@$(BIN)/python -m bench $(ONLY)

soak: $(READY) ## long fault rounds, many more random histories
	@$(BIN)/python -m pytest tests/faults --soak --timeout=0
	@$(BIN)/python -m pytest -n 2 tests/laws --hypothesis-profile=soak --timeout=0

lock: $(BIN)/uv ## resolve the dependencies again
	@$(BIN)/uv pip compile --generate-hashes --no-header --no-annotate --quiet \
		requirements/run.in -o requirements/run.txt
	@$(BIN)/uv pip compile --generate-hashes --no-header --no-annotate --quiet \
		requirements/dev.in -c requirements/run.txt -o requirements/dev.txt

$(BIN)/uv:
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet uv

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
