"""Writing a seed: its steps in their order, each batch a transaction of its own."""

from app.seeding.commands.run import Refused, seed

__all__ = ["Refused", "seed"]
