"""Notifications: people are told what happened to what is theirs.

Mails are written by listeners after the fact, each under a key of activity and person, so that
none is written twice and none is lost.
"""
