"""The tool-shed: what any web application of this kind needs. No word of the domain in it."""
