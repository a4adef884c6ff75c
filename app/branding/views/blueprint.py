"""The blueprint of the look."""

from flask import Blueprint

bp = Blueprint("branding", __name__)
FOR_EVER = "public, max-age=31536000, immutable"
