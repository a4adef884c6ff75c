"""Organisations: actors with several people, who post as the organisation.

Words: *owner* – may invite, change roles and remove people; *editor* – may post and edit as the
organisation; *verified* – staff checked that it is who it says it is.
"""
