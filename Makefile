# make serve   build the release and serve it on http://localhost:8000 (PORT= changes it)
# make test    format check, lint, types and tests: what CI runs
# make build   build the release into dist/
# make messages  bring the catalogues of the pages' words up to date, to be translated and committed
# make clean   remove everything that was made

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
READY := .venv/ready
CATALOGUES := src/nichiiki_ld/web/translations

.PHONY: serve test build messages clean

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

messages: $(READY)
	$(BIN)/pybabel extract --mapping pyproject.toml --no-location --omit-header --sort-output --output $(CATALOGUES)/messages.pot src/nichiiki_ld
	$(BIN)/pybabel update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap --input-file $(CATALOGUES)/messages.pot --output-dir $(CATALOGUES)
	$(BIN)/pybabel compile --directory $(CATALOGUES)

clean:
	rm -rf .venv dist .mypy_cache .pytest_cache .ruff_cache
