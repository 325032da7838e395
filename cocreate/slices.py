"""The tiers of the house, lowest first. A slice imports only lower tiers, never a sibling; `tests/test_architecture.py` holds everything to it."""

TIERS: list[list[str]] = [
    ["config", "slices"],
    ["core"],
    ["eventlog"],
    ["entrypoints"],
    ["serving"],
    ["people"],
    ["boards"],
    ["search"],
    ["stances", "comments", "links", "commitments"],
    ["ideas", "statements", "choices", "listening", "relationships", "gatherings"],
    ["alignment", "recognition", "stories", "moderation"],
    ["activity", "notifications", "webhooks", "live"],
    ["transfer", "operating"],
    ["pages"],
]

# Modules that are neither one of the fixed roles nor pure: registries by which a lower slice asks a higher one, and wording that looks something up.
PORTS: frozenset[str] = frozenset(
    {
        "boards.messages",
        "boards.openings",
        "boards.screening",
        "comments.commentables",
        "links.evidence",
        "moderation.curatables",
        "search.searchables",
        "stances.votables",
        "stances.words",
    }
)
# Slices made of readers of the log, of what carries data in and out, and of what tells how the site does: their own modules may read everything below,
# and call actions.
READERS: frozenset[str] = frozenset({"activity", "notifications", "webhooks", "live", "transfer", "operating", "pages"})
