"""Links between Refs: whose words are evidence for what, and what became of them."""
