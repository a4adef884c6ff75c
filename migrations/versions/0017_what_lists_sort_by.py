"""What lists sort by, beside what is counted

A vote wrote to ten indexes, a comment to twenty; now they write to none of ideas, and PostgreSQL puts the new row beside
the old one where its page has room. Thirty indexes take the place of as many, and every idea is written anew: until that
is done PostgreSQL keeps `ideas` locked, for a million more than ten minutes. The release before it works with what comes
of it; its lists by supporters, comments and last change have no index.

Revision: 0017
After: 0016
"""

from collections.abc import Iterable
from itertools import product

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

COUNTED = {'supporters_count': 'listed_supporters', 'comments_count': 'listed_comments', 'changed_at': 'listed_change'}
FILTERS = ('challenge_id', 'topic_id', 'place_id', 'profile', 'needs')
SETS = ((), *((name,) for name in FILTERS), *(('challenge_id', name) for name in FILTERS[1:]))
INTEGER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('ideas', schema=None) as batch_op:
        batch_op.add_column(sa.Column('listed_supporters', INTEGER, nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('listed_comments', INTEGER, nullable=False, server_default='0'))
        moment = sa.Column('listed_change', sa.DateTime(timezone=True), nullable=False, server_default=sa.text("'1970-01-01 00:00:00.000000'"))
        batch_op.add_column(moment)
    _drop(COUNTED.keys())
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE ideas SET (fillfactor = 85)')
    op.execute('UPDATE ideas SET ' + ', '.join(f'{after} = {name}' for name, after in COUNTED.items()))
    _create(COUNTED.values())


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE ideas RESET (fillfactor)')
    _drop(COUNTED.values())
    with op.batch_alter_table('ideas', schema=None) as batch_op:
        for name in COUNTED.values():
            batch_op.drop_column(name)
    _create(COUNTED.keys())


def _create(keys: Iterable[str]) -> None:
    for (number, filters), key in product(enumerate(SETS, 1), keys):
        listed, columns = sa.text(f"state = 'published' AND id <> -{number}"), (*filters, key, 'id')
        op.create_index(_name(columns), 'ideas', list(columns), postgresql_where=listed, sqlite_where=listed)


def _drop(keys: Iterable[str]) -> None:
    for filters, key in product(SETS, keys):
        op.drop_index(_name((*filters, key, 'id')), table_name='ideas')


def _name(columns: tuple[str, ...]) -> str:
    return op.f(f'ix_ideas_{"_".join(columns)}')
