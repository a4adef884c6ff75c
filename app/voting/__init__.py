"""Voting: one person's support for a subject, which can be taken back.

A subject that was merged into another hands its supports to the group's root: one support for each
person and root, by constraint.
"""
