"""Ideas: answers to a challenge, or free ideas; the middle of the chain.

Words: *state* – the life of an idea (pending, published, hidden, withdrawn); *status* – its journey
(submitted … realised); *answer* – an official answer by staff, which may move the status; *origin* –
where an imported idea came from.
"""
