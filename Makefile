# Every target sets up what it needs; nothing here names a registry: pip and apt use the machine's own configuration.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.complete
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test lint bench lock clean

demo: $(READY)
	$(BIN)/python -m lab.demo

test: $(READY)
	$(BIN)/xiangyun lab prepare
	$(BIN)/python -m tests

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports

# make bench ONLY=pattern runs the benches whose names match (-k of pytest) and keeps the other figures
bench: $(READY)
	$(if $(ONLY),,rm -f build/bench.json && $(BIN)/xiangyun lab prepare)
	$(BIN)/python -m pytest -m bench -o addopts= -q $(if $(ONLY),-k '$(ONLY)') tests

$(READY): requirements/dev.txt requirements/base.in pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install -q --require-hashes --no-deps -r requirements/dev.txt
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	touch $@

LOCK := $(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
lock: $(READY)
	$(LOCK) requirements/base.in -o requirements/base.txt
	$(LOCK) requirements/dev.in -o requirements/dev.txt
	$(LOCK) requirements/lab-cloud.in -o requirements/lab-cloud.txt

clean:
	-[ ! -x $(BIN)/xiangyun ] || [ ! -d build/demo/estate ] || $(BIN)/xiangyun lab down --estate build/demo/estate
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
