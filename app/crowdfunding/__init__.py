"""Crowdfunding: a project's campaign on a crowdfunding site, with figures and when they were true.

Words: *campaign* – a link to the page there; *backer* – somebody who gave; *as of* – when the
figures were read. Amounts are integer cents.
"""
