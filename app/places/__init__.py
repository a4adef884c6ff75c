"""Places: where something happens — the region, its districts and cities, their municipalities.

A place is known by its official key (AGS, text, "14522080"). A *district* here is a Landkreis; a *city* belongs to
no district (kreisfreie Stadt) and stands beside them. The data files are listed in `data/SOURCES.md`.
"""
