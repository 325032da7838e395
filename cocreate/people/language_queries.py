"""In which language somebody is answered: their own where there are words in it, else the organisation's."""

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from cocreate.entrypoints import signin
from cocreate.people.queries import kept, site
from cocreate.people.viewer import Viewer, Visitor


def languages() -> list[str]:
    """The languages that there are words in: English, and each with a catalogue in `translations/`."""
    return kept("cocreate_languages", lambda: sorted({"en", *(str(found) for found in current_app.extensions["babel"].instance.list_translations())}))


def language_of(person: Viewer | Visitor) -> str:
    """The person's language where there are words in it, else the organisation's, else English."""
    return next((asked for asked in (person.locale, site().locale) if asked in languages()), "en")


def chosen_language() -> str:
    """The language of what is being answered or done; English where the database that knows it is gone before it was ever asked."""
    try:
        return language_of(signin.viewer_or_nobody())
    except SQLAlchemyError:
        return "en"
