"""Moderation: the queue, reports, decisions with a statement of reasons.

Words: *case* – something that waits for a moderator, because it is new or was reported; *report* –
a notice under Art. 16 of Regulation (EU) 2022/2065 (DSA), also without an account; *decision* – what
was done and why, Art. 17; *ground* – the house rule or law it rests on.
"""
