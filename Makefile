# Two commands matter: `make run` and `make test`. `make` alone lists the others.

VENV ?= .venv
# Quoted where it is used: the folder's path may hold spaces.
PYTHON_HERE = "$(VENV)/bin/python"
# More for pytest, e.g. make test ARGS="-k standing".
ARGS ?=

.PHONY: help run test soak lint format bench backtest pictures reference lock

help: ## this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /make \1|/' | \
		while IFS='|' read -r name does; do printf '  %-14s %s\n' "$$name" "$$does"; done

run: ## dashboard on http://localhost:8501 (CAODIEM_PORT: another port), scheduler beside it; Ctrl-C stops both
	@sh .ci/environment "$(VENV)" requirements.lock
	@$(PYTHON_HERE) -m jobs init --demo-if-empty
	@exec $(PYTHON_HERE) -m jobs serve

test: ## sets up what the tests need, browser and PostgreSQL included, and runs all but what takes long by its nature
	@sh .ci/prepare
	@sh .ci/environment "$(VENV)" requirements-dev.lock
	@sh .ci/tests $(PYTHON_HERE) $(ARGS)

soak: ## what takes long by its nature: every kill point, the whole browser matrix, the back-test; then the benches
	@sh .ci/prepare
	@sh .ci/environment "$(VENV)" requirements-dev.lock
	@HYPOTHESIS_PROFILE=thorough sh .ci/tests $(PYTHON_HERE) -m soak $(ARGS)
	@$(PYTHON_HERE) -m tests.bench

lint: ## ruff, mypy and the import contracts; `make test` runs them beside its tests
	@sh .ci/environment "$(VENV)" requirements-dev.lock
	@sh .ci/lint $(PYTHON_HERE)

format: ## puts the code into the one shape
	@sh .ci/environment "$(VENV)" requirements-dev.lock
	@$(PYTHON_HERE) -m ruff check --fix .
	@$(PYTHON_HERE) -m ruff format .

bench: ## measures what should be fast against what cannot be beaten, and writes docs/BENCHMARKS.md
	@sh .ci/environment "$(VENV)" requirements-dev.lock
	@$(PYTHON_HERE) -m tests.bench $(ARGS)

backtest: ## holds projections against hard series and writes data/backtest.json, what the page of methods shows
	@sh .ci/environment "$(VENV)" requirements-dev.lock
	@$(PYTHON_HERE) -m tests.adversarial --keep

pictures: ## draws the gallery's pictures anew, README's among them
	@sh .ci/prepare
	@sh .ci/environment "$(VENV)" requirements-dev.lock
	@$(PYTHON_HERE) -m tests.browser.screenshots

reference: ## writes the generated pages of docs/reference from the code: commands, settings, addresses, answers, files
	@sh .ci/environment "$(VENV)" requirements-dev.lock
	@$(PYTHON_HERE) -m tests.reference

# --universal: one lock for Linux, macOS and Windows. No index address gets into it. -c: both locks agree.
COMPILE = uv pip compile pyproject.toml --quiet --python-version 3.11 --universal \
	--generate-hashes --no-annotate --no-header

lock: ## resolves pyproject.toml anew into the two locks (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pipx install uv" >&2; exit 1; }
	@$(COMPILE) --upgrade --output-file requirements.lock
	@$(COMPILE) --upgrade --group dev --constraint requirements.lock --output-file requirements-dev.lock
