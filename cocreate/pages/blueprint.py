"""The one blueprint of the composed pages."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__)
