"""What has no word of the domain in it: the database, the clock, ids, errors, fields, Markdown, paging, outgoing traffic, jobs."""
