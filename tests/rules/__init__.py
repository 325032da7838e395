"""The rules of the house, each a pure function from a file's path and text to sentences about what breaks it. `test_architecture.py` applies them."""
