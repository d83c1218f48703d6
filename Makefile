# Every target sets up what it needs in .venv: the demo what runs, the others what dev.txt pins besides.
# uv comes from the PATH, or else is fetched with pip into .tools.

UV := $(if $(shell uv --version 2>/dev/null),uv,.tools/uv/bin/uv)
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make requirements" $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate
VENV := $(UV) venv --quiet .venv --python
HASHED := --quiet --require-hashes -r
# Where Python is told to keep nothing that it compiled, each command would compile all that it imports.
COMPILED := $(if $(PYTHONDONTWRITEBYTECODE),--compile-bytecode)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help setup demo test chaos lint format bench package requirements clean

help: ## Show the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

setup: .venv/installed ## Make .venv, with everything in it

demo: .venv/runs ## Collect a few simulated days, without a key, and tell what happened
	@.venv/bin/odds demo

test: setup .venv/oracles ## Run the tests
	@.venv/bin/pytest --numprocesses logical --maxprocesses 4 --no-loadscope-reorder

chaos: setup ## Let simulated days of faults pass, and tell what broke (ARGS="--seed N --worlds N")
	@.venv/bin/python -m tests.world $(ARGS)

lint: setup .tools/checkov ## Check style, types, layers, what is pinned and the Terraform
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m infra.audit
	@[ ! -x .tools/checkov/bin/checkov ] || .tools/checkov/bin/python -m checkov.main --directory infra --framework terraform --skip-download --compact --quiet

format: setup ## Put the code into its format
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: setup ## Measure the figures of the README (ARGS="--only NAME")
	@.venv/bin/python -m tests.bench $(ARGS)

package: setup ## Build what Lambda runs into dist/ (ARCH=x86_64 for another machine than arm64)
	@.venv/bin/python -m infra.package $(if $(ARCH),--arch $(ARCH))

requirements: $(filter .tools/%,$(UV)) ## Pin again what pyproject.toml asks for (UPGRADE=--upgrade for newer pins)
	$(COMPILE) $(UPGRADE) pyproject.toml --extra local --extra backtest --extra research --group dev -o requirements/dev.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra local --extra backtest --group build -c requirements/dev.txt -o requirements/runtime.txt
	$(COMPILE) $(UPGRADE) pyproject.toml -c requirements/dev.txt -o requirements/lambda.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra migrate -c requirements/dev.txt -o requirements/lambda-migrate.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra backtest -c requirements/dev.txt -o requirements/lambda-backtest.txt
	$(COMPILE) $(UPGRADE) --group oracles -c requirements/dev.txt -o requirements/oracles.txt
	$(COMPILE) $(UPGRADE) --group checkov -o requirements/checkov.txt
	$(COMPILE) $(UPGRADE) --group fetched -o requirements/uv.txt

clean: ## Remove what the other targets made
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info

.venv/runs: pyproject.toml requirements/runtime.txt $(filter .tools/%,$(UV))
	@.venv/bin/python -V >/dev/null 2>&1 || { rm -rf .venv && { $(VENV) ">=3.11,<3.15" || $(VENV) "$$(command -v python3)"; }; }
	@$(UV) pip install --python .venv $(COMPILED) $(HASHED) requirements/runtime.txt
	@$(UV) pip install --python .venv --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed: .venv/runs requirements/dev.txt
	@$(UV) pip install --python .venv $(COMPILED) $(HASHED) requirements/dev.txt
	@touch $@

# What results are compared with. Where it cannot be had, the comparisons are skipped.
.venv/oracles: .venv/installed requirements/oracles.txt
	@$(UV) pip install --python .venv $(COMPILED) $(HASHED) requirements/oracles.txt || echo "tests against other libraries will be skipped"
	@touch $@

# It pins old versions of what others need, so it lives apart. Where it cannot be had, infra/ is not searched.
.tools/checkov: requirements/checkov.txt | .venv/installed
	@rm -rf $@
	@$(UV) venv --quiet $@ --python .venv/bin/python && $(UV) pip install --python $@ $(HASHED) $< || { rm -rf $@/bin; mkdir -p $@; echo "checkov cannot be had: infra/ is not searched for weaknesses"; }
	@touch $@

.tools/uv/bin/uv: requirements/uv.txt
	@rm -rf .tools/uv
	@python3 -m pip install --target .tools/uv $(HASHED) $< || { python3 -m venv .tools/uv && .tools/uv/bin/python -m pip install $(HASHED) $<; }
	@touch $@
