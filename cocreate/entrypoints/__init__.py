"""The four doors: web, API, sockets, command line. Each parses, calls, answers; and turns the same failures into its own kind of answer."""
