"""The benchmarks: `make bench` prints what the site costs beside a bare Flask application on the same server, database and machine."""
