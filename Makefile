# One command each: `make demo` shows the city, `make test` proves it, `make check` reads it.
# Only relative paths stand here, so the folder's name may hold blanks.

PYTHON_IN = .venv/bin/python
ONECARD   = .venv/bin/onecard

.DEFAULT_GOAL := help
.PHONY: help demo test check check-style check-types check-imports check-policies bench torture lock reference clean run-packages test-packages browser hsm

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

demo: run-packages ## build the demo city, print the bulletin, serve it (ARGS=--exit stops after the bulletin)
	@$(ONECARD) demo $(ARGS)

test: test-packages browser hsm ## every test (ARGS='-k limits' picks some)
	@$(PYTHON_IN) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m 'not long and not (browser and torture)' $(ARGS)

check: check-style check-types check-imports check-policies ## style, types, directions of import, policy documents: under a minute

check-style: test-packages
	@$(PYTHON_IN) -m ruff check --quiet

check-types: test-packages
	@$(PYTHON_IN) -m mypy --no-error-summary

check-imports: test-packages
	@$(PYTHON_IN) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo

check-policies: run-packages
	@for folder in cities/*/policies; do $(ONECARD) policy check "$$folder"/*.yaml && $(ONECARD) policy test "$$folder"/*.yaml || exit 1; done

bench: test-packages ## the performance table, each row beside its peer (DATE=2024-10-31 keeps it in the reference)
	@$(ONECARD) bench $(ARGS) $(if $(DATE),--keep $(DATE))

torture: test-packages ## kills and restarts at full length; their counts go to docs/reference/proof.md
	@ONECARD_TORTURE_KILLS=$${ONECARD_TORTURE_KILLS:-300} ONECARD_TORTURE_GATE_KILLS=$${ONECARD_TORTURE_GATE_KILLS:-200} \
		ONECARD_SUBJECTS=$${ONECARD_SUBJECTS:-10000} ONECARD_TORTURE_PROOF=docs/reference/proof.md $(PYTHON_IN) -m pytest -m 'torture or long' -s $(ARGS)

lock: ## write the versions and hashes in requirements/*.txt anew (needs uv)
	@requirements/lock

reference: run-packages ## write the made parts of docs/reference anew
	@$(PYTHON_IN) docs/reference/write.py

clean: ## remove what was built; the demo's home (.onecard) and .venv stay
	@rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

run-packages:
	@PYTHON='$(PYTHON)' requirements/install run

test-packages: run-packages
	@PYTHON='$(PYTHON)' requirements/install test

browser:
	@requirements/browser

hsm:
	@requirements/hsm
