"""Comments on any Ref, one level deep."""
