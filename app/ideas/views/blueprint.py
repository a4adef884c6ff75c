"""The blueprint all views of ideas share."""

from flask import Blueprint

bp = Blueprint("ideas", __name__)
