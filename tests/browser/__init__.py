"""Tests that look at the site through a browser: what people see, feel and reach by keyboard."""
