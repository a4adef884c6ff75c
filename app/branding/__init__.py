"""Branding: how the site looks to be its operator's own.

A *look* is everything an administrator says of it at once: name, claim, logo, brand colour, hero text, footer logos.
Each save is a *version* of the look, none is ever changed; the newest holds, and without one the settings do. A
*partner* is an organisation whose logo stands in the footer. The EU emblem is none of these: its form is prescribed.
"""
