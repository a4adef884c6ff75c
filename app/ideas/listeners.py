"""Ideas as subjects; counters that follow votes and comments; what is held about authors."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import g, render_template
from sqlalchemy import func, select

from app.challenges.commands import count_idea
from app.challenges.models import Challenge
from app.comments.activities import CommentImported, CommentPublished, CommentShownAgain, CommentUnpublished
from app.comments.models import Comment, CommentState
from app.follows import commands as follows
from app.follows.models import Because
from app.ideas import commands, queries
from app.ideas.activities import (
    IdeaPublished,
    IdeaReopened,
    IdeaShownAgain,
    IdeaSubmitted,
    IdeaUnpublished,
    IdeaWithdrawn,
)
from app.ideas.models import Idea, IdeaState
from app.ideas.models.listing import profile_sql
from app.ideas.queries import hints, words
from app.kit import clock, counters, drafts, personal_data
from app.kit.access import current_actor
from app.kit.clauses import expect_many
from app.kit.i18n import gettext as _
from app.kit.present import address as page_at
from app.kit.present import address_of
from app.kit.slots import fills
from app.subjects import registry
from app.subjects.activities import within
from app.voting.activities import SupportGiven, SupportWithdrawn
from app.voting.models import Support
from app.voting.queries import supported_by

ON_CHALLENGE_PAGE = 6
ON_ORGANISATION_PAGE = 12


@within(IdeaSubmitted)
def follow_own_idea(fact: IdeaSubmitted) -> None:
    if fact.actor_id:
        follows.follow_by_itself(fact.subject_id, fact.actor_id, Because.OWN)


@within(IdeaWithdrawn)
def end_following_own_idea(fact: IdeaWithdrawn) -> None:
    follows.end_own_follow(fact.subject_id, fact.actor_id)


@within(IdeaReopened)
def follow_own_idea_again(fact: IdeaReopened) -> None:
    follows.follow_by_itself(fact.subject_id, fact.actor_id, Because.OWN)


@within(SupportGiven)
def count_support(fact: SupportGiven) -> None:
    counters.add(Idea.supporters_count, fact.subject_id, 1)


@within(SupportWithdrawn)
def uncount_support(fact: SupportWithdrawn) -> None:
    counters.add(Idea.supporters_count, fact.subject_id, -1)


@within(CommentPublished)
@within(CommentShownAgain)
def count_comment(fact: CommentPublished | CommentShownAgain) -> None:
    counters.add(Idea.comments_count, fact.about_id, 1, changed_at=clock.now())


@within(CommentImported)
def count_imported_comment(fact: CommentImported) -> None:
    """It counts, but an idea did not move today because of what was said long ago."""
    counters.add(Idea.comments_count, fact.about_id, 1)


@within(CommentUnpublished)
def uncount_comment(fact: CommentUnpublished) -> None:
    counters.add(Idea.comments_count, fact.about_id, -1, changed_at=clock.now())


@within(IdeaPublished)
@within(IdeaShownAgain)
def count_in_challenge(fact: IdeaPublished | IdeaShownAgain) -> None:
    if fact.challenge_id:
        count_idea(fact.challenge_id, 1)


@within(IdeaUnpublished)
def uncount_in_challenge(fact: IdeaUnpublished) -> None:
    if fact.challenge_id:
        count_idea(fact.challenge_id, -1)


@fills("challenge.ideas")
def ideas_of_challenge(subjects: Sequence[Any]) -> str:
    """The most supported ideas of the one challenge of a page."""
    wanted = queries.IdeaFilter(challenge_id=subjects[0].id)
    ideas = queries.top_ideas(wanted, sort="supported", size=ON_CHALLENGE_PAGE, reader=current_actor())
    mine = {idea.id for idea in ideas if idea.supported}
    return render_template("ideas/_of_challenge.html", challenge=subjects[0], ideas=ideas, supported_ids=mine)


@fills("moderation.about")
def what_is_similar(subjects: Sequence[Any]) -> str:
    """For moderators: what there was already, and what the author says is different."""
    idea = subjects[0]
    if idea.kind != "idea":
        return ""
    found = hints.similar_ideas(current_actor(), idea.title, without=idea.id)
    return render_template("ideas/_for_moderators.html", idea=idea, similar=found)


@fills("idea.votes")
def votes_of_reader(subjects: Sequence[Any]) -> str:
    """How many votes the reader may still give, beside the button of the one idea; "" where they are not counted."""
    idea, actor = subjects[0], current_actor()
    if not queries.counts_votes(idea.challenge):
        return ""
    known: dict[int, int | None] = g.setdefault("votes_left", {})
    if idea.challenge_id not in known:
        known[idea.challenge_id] = queries.votes_left(actor, idea.challenge)
    left = known[idea.challenge_id]
    return render_template("ideas/_votes.html", idea=idea, most=idea.challenge.votes_each, left=left)


@fills("account.sections")
def own_ideas(subjects: Sequence[Any]) -> str:
    """What the person of an account page submitted."""
    return render_template("ideas/_own.html", ideas=queries.ideas_by(current_actor(), subjects[0].id))


@fills("account.sections")
def asked_to_write_along(subjects: Sequence[Any]) -> str:
    """What the person of an account page is asked to write along."""
    asked = [(one, queries.invitation_token(one)) for one in queries.invitations_for(subjects[0])]
    return render_template("ideas/_invitations.html", invitations=asked)


@fills("person.sections")
def ideas_of_person(subjects: Sequence[Any]) -> str:
    """What the person of a profile submitted, as the reader may see it."""
    ideas = [idea for idea in queries.ideas_by(current_actor(), subjects[0].id) if idea.state == IdeaState.PUBLISHED]
    mine = supported_by(current_actor(), [idea.id for idea in ideas])
    return render_template("ideas/_of_person.html", ideas=ideas, supported_ids=mine, person=subjects[0])


@fills("organisation.sections")
def ideas_of_organisation(subjects: Sequence[Any]) -> str:
    """What the one organisation of a page submitted."""
    ideas = queries.ideas_as(subjects[0].id, ON_ORGANISATION_PAGE, reader=current_actor())
    mine = {idea.id for idea in ideas if idea.supported}
    return render_template("ideas/_of_organisation.html", ideas=ideas, supported_ids=mine)


def _ballot(idea: Idea) -> registry.Ballot | None:
    ballot = queries.ballot_of(idea)
    return ballot and replace(ballot, page=lambda: page_at("ideas.votes", challenge_id=idea.challenge_id))


def _keep(person_id: int) -> None:
    """Ideas stay for those who supported and answered; the account behind them no longer has a name."""


def _count(what: Any) -> Any:
    return select(func.count()).select_from(what).correlate(Idea, Challenge)


drafts.go_on_at("/ideas", "ideas.new")
drafts.go_on_at("ideas.update", "ideas.edit")
personal_data.register("ideas", export=queries.ideas_held, anonymise=_keep)
personal_data.register("writing", export=queries.writing_held, anonymise=commands.forget_person)
counters.register(Idea.profile, select(profile_sql()).correlate(Idea).scalar_subquery())
counters.register(Idea.supporters_count, _count(Support).where(Support.subject_id == Idea.id).scalar_subquery())
counters.register(
    Idea.comments_count,
    _count(Comment)
    .where(Comment.subject_id == Idea.id, Comment.state == CommentState.PUBLISHED.value)
    .scalar_subquery(),
)
counters.register(
    Challenge.ideas_count,
    select(func.count(Idea.id))
    .where(Idea.challenge_id == Challenge.id, Idea.state == IdeaState.PUBLISHED.value)
    .correlate(Challenge)
    .scalar_subquery(),
)
expect_many("idea")
registry.register(
    registry.Kind(
        name="idea",
        load=queries.idea_for,
        many=queries.ideas_for,
        headings=queries.idea_headings,
        address=address_of("ideas.show", "idea_id"),
        word=lambda: _("Idee"),
        allows=lambda idea, act: idea.allows(act),
        hold=queries.hold,
        short=queries.public_idea_in_short,
        foresee_short=queries.foresee_idea_in_short,
        ballot=_ballot,
        set_state=commands.set_state,
        words=words.passages,
        index=commands.index,
    )
)
