"""Demo content: a small Saxony of invented people, told through the platform's own commands."""
