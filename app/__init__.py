"""Zukunftsplattform: a region works on its social challenges together."""
