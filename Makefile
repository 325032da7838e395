# The commands of the project. Each works on a fresh machine with Python 3.11 or newer, make and git; what they install is said.
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python
FLASK := .venv/bin/flask --app app
# The embedded site's settings are the caller's; tests and tools must not inherit them.
CLEAN := env -u COCREATE_DATA_DIR -u COCREATE_DATABASE_URL -u COCREATE_REDIS_URL -u COCREATE_SECRET_KEY -u COCREATE_BASE_URL \
	-u COCREATE_ALLOWED_HOSTS -u COCREATE_MAIL_URL -u COCREATE_TRUSTED_PROXIES -u COCREATE_RATE_LIMITS -u COCREATE_POLLING -u COCREATE_METRICS_TOKEN \
	-u COCREATE_DEMO -u PORT -u HOST -u FLASK_APP -u FLASK_DEBUG PYTHONDONTWRITEBYTECODE=
LOCK = $(CLEAN) .venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --universal --python-version 3.11

.PHONY: run demo test bench soak screenshots format lint lock migration translations installed installed-dev

run: installed
	@$(FLASK) db upgrade
	@exec $(PY) app.py

demo: installed
	@export COCREATE_DATA_DIR=instance-demo COCREATE_DEMO=1; $(FLASK) db upgrade && $(FLASK) demo && exec $(PY) app.py

test: installed-dev
	@.ci/machine
	@$(MAKE) lint
	@$(CLEAN) $(PY) -m pytest $(ARGS)

bench: installed-dev
	@$(CLEAN) $(PY) -m bench $(ARGS)

soak: installed-dev
	@.ci/machine
	@$(CLEAN) $(PY) -m pytest --soak -m soak $(ARGS)

screenshots: installed-dev
	@.ci/machine
	@$(CLEAN) $(PY) -m pytest --screenshots docs/screenshots tests/browser $(ARGS)

format: installed-dev
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format --quiet .
	@.venv/bin/djhtml -t 2 templates
	@.venv/bin/djcss -t 2 static/css
	@.venv/bin/djjs -t 2 static/js

lint: installed-dev
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@$(CLEAN) .venv/bin/mypy
	@.venv/bin/djlint templates --lint --quiet
	@.venv/bin/djhtml --check -t 2 templates
	@.venv/bin/djcss --check -t 2 static/css
	@.venv/bin/djjs --check -t 2 static/js

# make translations LANGUAGE=de: brings translations/de/LC_MESSAGES/messages.po up to date with the code, for somebody to fill in, and puts it to use.
translations: installed-dev
	@mkdir -p .cache
	@.venv/bin/pybabel --quiet extract -F pyproject.toml --no-location -o .cache/messages.pot .
	@.venv/bin/pybabel --quiet update --init-missing --ignore-obsolete -l $(LANGUAGE) -i .cache/messages.pot -d translations
	@.venv/bin/pybabel --quiet compile -d translations

# After a change of requirements*.in; upgrades what is named in UPGRADE, e.g. make lock UPGRADE="-P flask".
lock: installed-dev
	@$(LOCK) $(UPGRADE) .ci/uv.in -o .ci/uv.txt
	@$(LOCK) $(UPGRADE) requirements.in -o requirements.txt
	@$(LOCK) $(UPGRADE) requirements-dev.in -o requirements-dev.txt

# make migration NAME=what_changes: compares the models with a database made by the migrations so far.
migration: installed-dev
	@.ci/migration "$(NAME)"

installed:
	@.ci/venv requirements.txt

installed-dev:
	@.ci/venv requirements-dev.txt
