# make serve   build the release and serve it on http://localhost:8000 (PORT= changes it)
# make test    format check, lint, types and tests: what CI runs
# make build   build the release into dist/
# make frontend  bring the map of Japan and the query editor from npm; the others do so too
# make messages  bring the catalogues of the pages' words up to date, to be translated and committed
# make clean   remove everything that was made

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
READY := .venv/ready
FRONTEND := .venv/frontend
FRONTEND_SOURCES := $(shell find src/nichiiki_ld/web/frontend -name node_modules -prune -o -type f \( -name "*.json" -o -name "*.mjs" -o -name .npmrc \) -print)
CATALOGUES := src/nichiiki_ld/web/translations

.PHONY: serve test build frontend messages clean

serve: $(READY) $(FRONTEND)
	@$(BIN)/nichiiki-ld build
	@exec $(BIN)/nichiiki-ld serve --port $(PORT)

build: $(READY)
	@$(BIN)/nichiiki-ld build

test: $(READY) $(FRONTEND)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses auto --dist loadfile

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,frontend,register]'
	@touch $(READY)

# Without the npm registry pages have neither map nor editor, and work. The next make tries again.
$(FRONTEND): $(READY) $(FRONTEND_SOURCES)
	@if $(BIN)/nichiiki-ld frontend; then touch $@; fi

frontend: $(READY)
	@$(BIN)/nichiiki-ld frontend
	@touch $(FRONTEND)

messages: $(READY)
	$(BIN)/pybabel extract --mapping pyproject.toml --no-location --omit-header --sort-output --output $(CATALOGUES)/messages.pot src/nichiiki_ld
	$(BIN)/pybabel update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap --input-file $(CATALOGUES)/messages.pot --output-dir $(CATALOGUES)
	$(BIN)/pybabel compile --directory $(CATALOGUES)

clean:
	rm -rf .venv dist .mypy_cache .pytest_cache .ruff_cache
