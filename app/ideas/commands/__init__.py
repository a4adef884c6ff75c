"""Every write about ideas: their text, where they stand, who writes them."""

from app.ideas.commands.answers import (
    answer_idea,
    conclude_idea,
)
from app.ideas.commands.bring import (
    Origin,
    bring_idea,
)
from app.ideas.commands.contact import (
    forget_contact,
    keep_contact,
)
from app.ideas.commands.fairness import (
    mix_fair_order,
)
from app.ideas.commands.order import follow_counts, put_all_in_order, put_in_order
from app.ideas.commands.people import (
    add_coauthor,
    decline_invitation,
    forget_old_invitations,
    forget_person,
    invite_coauthor,
    join_idea,
    remove_coauthor,
    withdraw_invitation,
)
from app.ideas.commands.said import GivenAnswer, keep_answers
from app.ideas.commands.sketch import sketch_answers, sketch_idea
from app.ideas.commands.standing import (
    index,
    let_version_be_read,
    reopen_idea,
    set_state,
    set_status,
    show_version,
    touch,
    withdraw_idea,
)
from app.ideas.commands.write import (
    ChangedMeanwhile,
    IdeaText,
    edit_idea,
    fill,
    submit_idea,
)

__all__ = [
    "ChangedMeanwhile",
    "GivenAnswer",
    "IdeaText",
    "Origin",
    "add_coauthor",
    "answer_idea",
    "bring_idea",
    "conclude_idea",
    "decline_invitation",
    "edit_idea",
    "fill",
    "follow_counts",
    "forget_contact",
    "forget_old_invitations",
    "forget_person",
    "index",
    "invite_coauthor",
    "join_idea",
    "keep_answers",
    "keep_contact",
    "let_version_be_read",
    "mix_fair_order",
    "put_all_in_order",
    "put_in_order",
    "remove_coauthor",
    "reopen_idea",
    "set_state",
    "set_status",
    "show_version",
    "sketch_answers",
    "sketch_idea",
    "submit_idea",
    "touch",
    "withdraw_idea",
    "withdraw_invitation",
]
