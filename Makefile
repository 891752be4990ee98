# Needs only Python 3.11 to 3.14, git, make and a package index. `make` alone lists the verbs.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check format bench

# Where it is set, every process compiles every module anew: two to three times the CPU.
unexport PYTHONDONTWRITEBYTECODE
export MLFLOW_DISABLE_TELEMETRY := true
export DVC_NO_ANALYTICS := 1
export RAY_USAGE_STATS_ENABLED := 0
# A uv made by `make setup` serves the generated projects too.
export PATH := $(PATH):$(CURDIR)/.tools/bin

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

setup: ## install the environment, and uv itself where there is none
	@sh tools/get_uv.sh
	@uv sync --quiet

demo: setup ## generate a project from the sample data and run its whole job: of the highest level, or LEVEL=n
	@uv run --no-sync python tools/demo.py "$(LEVEL)"

test: export OMP_NUM_THREADS := 1
test: setup ## every test
	@sh tools/get_test_packages.sh
	uv run --no-sync pytest --numprocesses 2 --dist loadgroup --budget tests/budget.toml

check: setup ## lint, formatting, types and the fast tests
	uv run --no-sync ruff check
	uv run --no-sync ruff format --check
	uv run --no-sync mypy
	uv run --no-sync pytest -m "not slow" --numprocesses 2 --dist loadgroup --quiet

format: setup ## format the code
	uv run --no-sync ruff format --quiet && uv run --no-sync ruff check --fix && uv run --no-sync ruff format

bench: setup ## speed of `ladder new` and `ladder up` beside cookiecutter and copier
	uv run --no-sync python bench/new.py
	uv run --no-sync python bench/up.py
