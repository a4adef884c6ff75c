"""Follows: what somebody wants to hear about.

Words: *because* – why somebody follows: it is their own, they support it, or they chose to; *via* – the
idea through which somebody follows the project made of it.
"""
