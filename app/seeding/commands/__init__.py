"""Writing a seed: its steps in their order, each batch a transaction of its own."""

from app.seeding.commands.run import Mismatch, seed

__all__ = ["Mismatch", "seed"]
