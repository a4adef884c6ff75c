"""Loading the demo content: every entry becomes a command, run at the moment it is said to have happened."""

from app.demo.commands.entries import PASSWORD, demo_sign_ins
from app.demo.commands.telling import load_demo

__all__ = ["PASSWORD", "demo_sign_ins", "load_demo"]
