"""The base of every table, and how its parts are called in the database."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase

from app.kit.utc import UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table's base."""

    metadata = MetaData(naming_convention=NAMES)
    # SQLite's own row ids are 64-bit integers only when the column type is INTEGER.
    type_annotation_map = {int: BigInteger().with_variant(Integer, "sqlite"), datetime: UtcDateTime}


UNSEEN = {"unseen": True}
"""A table's `info` where no guest ever sees anything of its rows: `__table_args__ = {"info": UNSEEN}`."""
