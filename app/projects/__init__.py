"""Projects: what moderators make of one or more ideas, and what came of it.

Words: *responsible* – the person who accompanies a project; *outcome* – its result, in words.
"""
