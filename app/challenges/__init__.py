"""Challenges: social problems or needs that people and organisations post, and others answer with ideas.

Words: *open* – takes ideas now; *ends_at* – when collecting ideas ends; *good answer* – what its
author hopes for.
"""
