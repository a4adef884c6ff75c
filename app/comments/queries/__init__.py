"""Comments as a reader may see them: threads of a subject, and single ones."""

from app.comments.queries.single import (
    brought_among,
    brought_comment,
    comment_for,
    comment_headings,
    comments_for,
    page_with,
    thread_for,
    twin_of,
)
from app.comments.queries.threads import (
    FIRST_REPLIES,
    REPLIES,
    THREADS,
    WORTH_KEEPING,
    foresee_threads,
    thread_page,
    threads_of,
)

__all__ = [
    "FIRST_REPLIES",
    "REPLIES",
    "THREADS",
    "WORTH_KEEPING",
    "brought_among",
    "brought_comment",
    "comment_for",
    "comment_headings",
    "comments_for",
    "foresee_threads",
    "page_with",
    "thread_for",
    "thread_page",
    "threads_of",
    "twin_of",
]
