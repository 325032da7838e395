"""The log: every change of a logged table leaves one event in a stream, numbered without holes and chained by hash."""
