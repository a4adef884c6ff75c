"""Barriers: what people could not use, told by anyone, looked after by staff (BITV 2.0, § 7: feedback mechanism).

A *barrier* is one such message: what did not work, on which page, and where an answer goes, if one is wanted. Its
*receipt* is the number whoever wrote it may ask by. It is *done* when somebody has answered or mended it.
"""
