"""Every write of an import: the life of a run, and bringing its rows in."""
