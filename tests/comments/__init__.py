"""Comments: posted, answered, edited, taken back, looked at; and who sees what of them."""
