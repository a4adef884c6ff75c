"""Comments on any subject, with replies.

A comment is a subject itself: it can be reported and moderated. One that is hidden or deleted
keeps its place as long as others answered to it.
"""
