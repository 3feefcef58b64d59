# Thin: every target is a line or two. `make run` tries the program out, `make test` checks it; `make` alone lists all.
# Honoured: PYTHON (3.11 to 3.13), HOST, PORT, GALLERY_INSTANCE (folder of the database, photos and keys).

PYTHON ?= python3
# One more than the two processors of CI: where a test waits for a browser or a slow sender, another one works.
PROCESSES ?= 3
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi:app
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
# uv does in seconds what pip does in a minute; where it finds no packages (only pip is told of a mirror, say), pip does it.
INSTALL = $(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python -r $(1) || $(PIP) -r $(1)
LOCK := $(BIN)/uv pip compile --no-strip-extras --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --universal
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard gallery/translations/*/LC_MESSAGES/*.po gallery/cli/translations/*/LC_MESSAGES/*.po))

.PHONY: help run test check bench demo evaluate screenshots styles translations requirements clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: .venv/.installed $(CATALOGUES)  ## install, migrate, draw demo objects if there is nothing, serve; Ctrl-C ends it
	@exec $(FLASK) serve

# glibc keeps its memory between two pictures: a quarter less processor for each that is described.
test: export MALLOC_TOP_PAD_ := 67108864
test: .venv/.installed-dev $(CATALOGUES)  ## the whole suite; TESTS=tests/unit for a part of it, PROCESSES=1 for one after the other
	$(BIN)/pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder $(TESTS)

check: .venv/.installed-dev  ## style, types, the import contract, and the scripts where npm ci has installed biome
	$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy && $(BIN)/lint-imports
	@if [ -x node_modules/.bin/biome ]; then node_modules/.bin/biome lint --error-on-warnings; \
	  else echo "scripts not checked: npm ci installs biome" >&2; fi

bench: .venv/.installed-dev  ## measure: NAME=speed, recall, gallery ..., ARGS for its options
	$(BIN)/python -m bench $(or $(NAME),speed) $(ARGS)

demo: .venv/.installed  ## draw the demo objects into an empty database
	$(FLASK) migrate && $(FLASK) demo

evaluate: .venv/.installed  ## recall of the matcher on the labelled photographs of FOLDER
	$(FLASK) evaluate $(or $(FOLDER),../shared/data) $(ARGS)

screenshots: .venv/.installed-dev $(CATALOGUES)  ## take the pictures of docs/screenshots with Debian's chromium
	$(BIN)/python -m tests.journeys.screenshots

styles: .venv/.installed-dev  ## make gallery/static/bootstrap.css anew, after an element got another of Bootstrap's classes
	$(BIN)/python -m tests.used_bootstrap

translations: .venv/.installed-dev  ## bring the message catalogues up to the code, to be translated and committed
	@mkdir -p build && $(BIN)/pybabel extract -F pyproject.toml -k lazy_gettext --add-location file --sort-output \
	  -o build/messages.pot gallery
	$(BIN)/pybabel update -i build/messages.pot -d gallery/translations -w 120 --no-fuzzy-matching \
	  --ignore-obsolete --ignore-pot-creation-date

requirements: .venv/.installed-dev  ## pin requirements*.txt anew from requirements*.in; ARGS=--upgrade for newer versions
	$(LOCK) $(ARGS) requirements.in -o requirements.txt
	$(LOCK) $(ARGS) requirements-extra.in -c requirements.txt -o requirements-extra.txt
	$(LOCK) $(ARGS) requirements-dev.in -c requirements.txt -c requirements-extra.txt -o requirements-dev.txt

clean:  ## remove what can be made again; instance/ stays
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -prune -exec rm -rf {} +
	rm -f $(CATALOGUES)

.venv/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is incomplete; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\]$$/p' requirements-dev.txt > .venv/uv.txt && $(PIP) -r .venv/uv.txt
	$(call INSTALL,requirements.txt)
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	$(call INSTALL,requirements-dev.txt)
	@touch $@

%.mo: %.po | .venv/.installed
	$(BIN)/pybabel compile -i $< -o $@
