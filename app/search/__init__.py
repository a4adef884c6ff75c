"""The door to the search: words in, hits of all kinds out. The work is `kit.textindex`'s."""
