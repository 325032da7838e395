"""What whoever runs the site relies on: is it ready, how does it do, what does it write down, and how does it run with others."""
