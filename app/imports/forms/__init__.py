"""Parsing what people bring: cells, rows, whole files, and the forms of the pages."""
