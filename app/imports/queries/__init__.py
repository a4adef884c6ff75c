"""Everything imports and exports read."""
