"""Pages: imprint, privacy, terms, netiquette, accessibility statement and help, which an operator edits.

A *page* has a key, which is its address, and a *text* in each language. A text is a title and a body in Markdown.
What the platform ships with is version 0; each edit adds a *version*, none is ever changed. A *placeholder* in
[square brackets] is something only the operator knows.
"""
