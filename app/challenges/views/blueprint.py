"""The blueprint all views of challenges share."""

from flask import Blueprint

bp = Blueprint("challenges", __name__)
