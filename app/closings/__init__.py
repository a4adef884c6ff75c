"""Closings: how a challenge ends – a statement, and for every idea what becomes of it.

Words: *closing* – the statement, a draft until it is published; *outcome* – what becomes of one idea,
with a short reason.
"""
