"""The migrations make what the models say, on both databases, and can be run by two processes at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask_migrate import check

from tests.databases import ROOT, run_flask, site_environment


def test_the_models_are_migrated(app: Any) -> None:
    check(directory=str(ROOT / "migrations"))


def test_the_versions_are_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    assert all(not isinstance(script.down_revision, tuple) for script in scripts.walk_revisions())


def test_two_starts_migrate_once(tmp_path: Path) -> None:
    environment = site_environment(tmp_path, f"sqlite:///{tmp_path}/both.sqlite3")
    with ThreadPoolExecutor() as pool:
        ends = list(pool.map(lambda _: run_flask(environment, "db", "upgrade"), range(2)))
    assert [end.returncode for end in ends] == [0, 0], "".join(end.stderr for end in ends)
