"""Subjects: the anchor row of everything people can comment, support, report or link.

Words: *kind* – what a subject is (idea, challenge, comment, person, place …); *act* – what somebody
does with it; *link* – how one became or answers another; *activity* – one recorded fact about it;
*delivery* – an activity on its way to one listener.
"""
