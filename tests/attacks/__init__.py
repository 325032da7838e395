"""Attacks on the doors, each as somebody would try it; what is hit is looked at in the answer and in the database."""
