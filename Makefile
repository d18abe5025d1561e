PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-long bench bench-postgres bench-intervals bench-studies docs lint format lock clean

demo: $(VENV)/.installed
	$(BIN)/ratebook demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

# What takes minutes: a thousand hostile folders and seed files.
test-long: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -m long

bench: $(VENV)/.installed
	$(BIN)/python tests/bench.py $(if $(LARGE),--large) $(if $(MEMORY),--memory-limit $(MEMORY))

bench-postgres: $(VENV)/.installed-dev
	$(BIN)/python tests/bench_postgres.py

bench-intervals: $(VENV)/.installed
	$(BIN)/python tests/bench_intervals.py $(if $(SCHEDULE),--schedule $(SCHEDULE))

bench-studies: $(VENV)/.installed
	$(BIN)/python tests/bench_studies.py $(if $(AGREEMENTS),--agreements $(AGREEMENTS))

# The dbt documentation of every relation, as one page: site/static_index.html.
docs: $(VENV)/.installed
	$(BIN)/ratebook demo
	RATEBOOK_DUCKDB_FILE=$(CURDIR)/ratebook-demo.duckdb $(BIN)/dbt --quiet docs generate --static \
		--project-dir dbt_project --profiles-dir dbt_project --target-path $(CURDIR)/site

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models
	$(BIN)/sqlfluff lint --disable-progress-bar --templater placeholder rating/study/relations

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The environment is made from the lock files; a changed lock makes it again.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# The development lock is solved first; the default one begins as its copy, so that both pin alike.
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host \
	--no-emit-find-links --no-header --no-strip-extras --allow-unsafe --extra build
lock: $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet pip-tools
	$(COMPILE) --extra dev -o requirements-dev.lock pyproject.toml
	cp requirements-dev.lock requirements.lock
	$(COMPILE) -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) dbt_project/target dbt_project/logs .pytest_cache .mypy_cache .ruff_cache .hypothesis
