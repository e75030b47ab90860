# make serve   build the release and serve it on http://localhost:8000 (PORT= changes it)
# make test    format check, lint, types and tests: what CI runs
# make build   build the release into dist/
# make clean   remove everything that was made

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
READY := .venv/ready

.PHONY: serve test build clean

serve: $(READY)
	@$(BIN)/nichiiki-ld build
	@exec $(BIN)/nichiiki-ld serve --port $(PORT)

build: $(READY)
	@$(BIN)/nichiiki-ld build

test: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,register]'
	@touch $(READY)

clean:
	rm -rf .venv dist .mypy_cache .pytest_cache .ruff_cache
