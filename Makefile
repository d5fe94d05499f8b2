# make run     a working product on this machine, with the demo story; Ctrl-C stops everything
# make test    the whole suite on a throw-away database        make check   format, lint, types, contracts, translations
# PORT=8001 and JIKE_HOME=/some/folder (default var/) are honoured; two checkouts can run side by side.

PY := .venv/bin/python
export PORT ?= 8000
.PHONY: setup run stack test check bench faults screenshots lock dev

setup:
	@scripts/setup requirements.txt

dev:
	@scripts/setup requirements-dev.txt

run: export DEMO ?= 1
run: setup
	@$(PY) manage.py serve

# The production shape on this machine: DATABASE_URL, CELERY_BROKER_URL and the secrets come from the environment. SIGNING_KEY may be absent.
stack: setup
	@scripts/require_variables DATABASE_URL CELERY_BROKER_URL SECRET_KEY FIELD_KEYS BLIND_INDEX_KEY LEDGER_KEY LEDGER_SIGNING_KEY LINK_KEY
	@$(PY) manage.py serve

test: dev
	$(PY) manage.py compile_translations
	$(PY) -m pytest -n 2 --dist loadgroup -m "not storm" tests $(ARGS)

check: dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	git ls-files -z 'templates/*.html' | xargs -0 -r .venv/bin/djade --check --target-version 5.2
	.venv/bin/lint-imports --no-cache
	.venv/bin/mypy
	$(PY) manage.py compile_translations
	scripts/check_project
	$(PY) scripts/check_translations.py

bench: setup
	$(PY) -m bench $(ARGS)

faults: dev
	$(PY) manage.py compile_translations
	$(PY) -m pytest -m storm -p no:randomly tests $(ARGS)

screenshots: dev
	$(PY) scripts/screenshots.py

# Compile the hashed locks after a change of requirements.in or requirements-dev.in.
lock: dev
	.venv/bin/uv pip compile -q --generate-hashes --python-version 3.11 --universal requirements.in -o requirements.txt
	.venv/bin/uv pip compile -q --generate-hashes --python-version 3.11 --universal requirements-dev.in -o requirements-dev.txt
