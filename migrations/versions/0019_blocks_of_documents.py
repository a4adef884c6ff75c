"""Blocks of documents in the index of their words

Of a word that is in many documents only the newest are looked for; PostgreSQL's index had to go through all of them.
Only PostgreSQL has it. The release before it works with what comes of it.

Revision: 0019
After: 0018
"""

from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

WORDS = "CREATE INDEX ix_documents_words_new ON documents USING gin (words{}) WITH (fastupdate = off)"
BLOCKS = "ARRAY[(subject_id >> 10) * 4, (subject_id >> 13) * 4 + 1, (subject_id >> 16) * 4 + 2]"


def make_anew(beside: str) -> None:
    """Searches go on with the one there is until the other is made."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(WORDS.format(beside))
        op.execute("DROP INDEX ix_documents_words")
        op.execute("ALTER INDEX ix_documents_words_new RENAME TO ix_documents_words")


def upgrade() -> None:
    make_anew(f", ({BLOCKS})")


def downgrade() -> None:
    make_anew("")
