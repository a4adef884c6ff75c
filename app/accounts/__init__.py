"""Accounts: people, their roles, how they come in and how they leave.

Words: *trusted* – later posts no longer wait for moderation; *suspended* – may read and appeal, not
write; *handle* – the name in the address of a profile.
"""
