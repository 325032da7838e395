"""What goes in and out of the whole site, and what checks it: imports, the doctor, the demo's story."""

from flask import Flask

from cocreate.transfer import cli, demo_visitors, demo_web, import_cli

__all__ = ["demo_visitors"]


def install(app: Flask) -> None:
    app.register_blueprint(demo_web.blueprint)
    app.cli.add_command(cli.doctor)
    app.cli.add_command(cli.demo)
    app.cli.add_command(import_cli.imports)
