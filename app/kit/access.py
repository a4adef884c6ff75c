"""Who may: every view names a rule, and loads what it is about *through the reader*.

`@access(policy.can_edit, of=queries.idea_for)` loads the idea as this reader may see it, then asks
the rule. A guest who may not is asked to sign in and goes on where they were; a member gets 403.
Templates ask the same rules by name: `can("idea.edit", idea)`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from types import ModuleType
from typing import Any, cast

from flask import Flask, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.kit.actor import GUEST, Actor
from app.kit.db import begin_writing
from app.kit.errors import NotAllowed, NotFound, SignInFirst
from app.kit.here import asked, noted
from app.kit.here import session as session_here
from app.kit.i18n import gettext as _

Rule = Callable[..., bool]
Loader = Callable[[Actor, Any], Any]
View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declared: its rule, how it loads its subject, and when it writes.

    writes: even its GET does. keeps: what a guest sends here is kept while they sign in; only for
    content, never for an act somebody else could lay a link to. hashes_first: a library's view that
    hashes a password before it writes anything, so that it must not hold the writer's lock meanwhile.
    from_anywhere: writing requests need neither our origin nor a token; the address is signed.
    at_once: what it is about is loaded in the writing transaction and only there; this foresees, by its key, what is
    asked for then. form: read before that and handed to the view; an invalid one begins no writing transaction.
    ahead: foresees what `of` will ask, by its key and the id of whose session it is, along with who that is.
    """

    rule: Rule
    of: Loader | None = None
    writes: bool = False
    keeps: bool = False
    hashes_first: bool = False
    from_anywhere: bool = False
    at_once: Callable[[Any], None] | None = None
    form: Callable[[], Any] | None = None
    ahead: Callable[[Any, int], None] | None = None


PERSON, KEY_PART = "person", 16
_rules: dict[str, Rule] = {}
_address_of: list[Callable[[Any], str]] = []
_anew: list[tuple[Callable[[str], Actor], Callable[[str], None]]] = []


def anyone(actor: Actor, *things: object) -> bool:
    """Open to every person, signed in or not."""
    return True


def signed_in(actor: Actor, *things: object) -> bool:
    """Open to every person with an account, suspended ones included."""
    return actor.is_signed_in


def current_actor() -> Actor:
    """The person of this request, or the guest."""
    known = noted()
    if (acting := known.get("acting")) is not None:
        return cast(Actor, acting)
    person = known.get("_login_user") or current_user._get_current_object()  # as Flask-Login keeps whom it has loaded
    of, actor = known.get("actor", (None, GUEST))
    if of is None or of is not person:
        actor = cast(Actor, person) if person is not None and person.is_authenticated else GUEST
        known["actor"] = person, actor
    return cast(Actor, actor)


def remember_person(person_id: int) -> None:
    """Note in the session whose it is, for what needs no more of them than their id."""
    session[PERSON] = [person_id, session["_user_id"][:KEY_PART]]


def person_of_session() -> int | None:
    """The id of the person whose session's key came with this request; they may have ended all sessions since."""
    mine = session_here()
    noted_id, part = mine.get(PERSON, (None, ""))
    return noted_id if part and part == mine.get("_user_id", "")[:KEY_PART] else None


def act_at_once(foresee: Callable[[], None] | None = None) -> Actor:
    """Begin the writing transaction; the person of this request as they stand in it.

    One plain row, by the key of their session: nobody is loaded first with all that pages show of them. What is
    foreseen is asked for with it.
    """
    mine = session_here()
    if "_user_id" not in mine:
        actor = current_actor()  # from the cookie that remembers them, which gives the session its key
        if not actor.is_signed_in:
            return actor
    begin_writing()
    anew, foresee_person = _anew[0]
    key = mine["_user_id"]
    foresee_person(key)  # before all others: whoever writes locks people first
    if foresee is not None:
        foresee()
    g.acting = acting = anew(key)
    return acting


def access(
    rule: Rule,
    *,
    of: Loader | None = None,
    writes: bool = False,
    keeps: bool = False,
    from_anywhere: bool = False,
    at_once: Callable[[Any], None] | None = None,
    form: Callable[[], Any] | None = None,
    ahead: Callable[[Any, int], None] | None = None,
) -> Callable[[View], View]:
    """Declare who may use a view; with `of`, its `…_slug` or first `…_id` argument is replaced by the thing loaded.

    `from_anywhere` lets other sites and mail programs send to it, without token or session: for links whose
    own signature says who may. With `at_once` members write from here on, unless `form` is invalid; it foresees what
    will be asked of the thing.

    Raises (at request time):
        NotFound, Gone: from the loader.
        SignInFirst, NotAllowed: the rule said no.
    """

    declared = Access(rule, of, writes, keeps, from_anywhere=from_anywhere, at_once=at_once, form=form, ahead=ahead)

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            return _guarded(declared, view, values)

        guarded.access = declared  # type: ignore[attr-defined]
        return guarded

    return declare


def _guarded(declared: Access, view: View, values: dict[str, Any]) -> ResponseReturnValue:
    if declared.form is not None:
        values["form"] = declared.form()
    if declared.of is None:
        actor = current_actor()
        require(declared.rule(actor), actor)
        return view(**values)
    key = values.pop(_key_among(values))
    if declared.ahead is not None and (person_id := person_of_session()):
        declared.ahead(key, person_id)
    begins = declared.at_once is not None and ("form" not in values or values["form"].validate())
    actor = act_at_once(partial(declared.at_once, key)) if declared.at_once and begins else current_actor()
    asks_guests = declared.keeps and asked().method == "POST"
    thing = _load(declared.of, actor, key, ask_guests=asks_guests)
    slug = values.pop("slug", None)
    if slug is not None and slug != thing.slug:
        return redirect(_with_query(_address_of[0](thing)), 301)
    require(declared.rule(actor, thing), actor)
    return view(thing, **values)


def require(allowed: bool, actor: Actor) -> None:
    """Stop here unless allowed: the same line in views and in commands.

    Raises:
        SignInFirst: the actor is a guest.
        NotAllowed: the actor is signed in.
    """
    if allowed:
        return
    if not actor.is_signed_in:
        raise SignInFirst
    if actor.suspended:
        raise NotAllowed(_("Ihr Konto ist gerade gesperrt. Sie können lesen, aber nichts schreiben."))
    raise NotAllowed(_("Das dürfen Sie mit Ihrem Konto nicht tun."))


def register_rules(noun: str, policy: ModuleType) -> None:
    """Make each `can_verb` of a policy module known to templates as `noun.verb`."""
    for name, rule in vars(policy).items():
        if name.startswith("can_"):
            _rules[f"{noun}.{name.removeprefix('can_')}"] = rule


def can(name: str, *things: object) -> bool:
    """Whether the person of this request may; `name` is `noun.verb`."""
    return _rules[name](current_actor(), *things)


def use_people(anew: Callable[[str], Actor], foresee: Callable[[str], None]) -> None:
    """Tell how the member of a session's key is read in the writing transaction; who is none any longer is a guest.

    foresee: tells that this will be asked.
    """
    _anew[:] = [(anew, foresee)]


def use_addresses(address_of: Callable[[Any], str]) -> None:
    """Tell where a thing's page is, so that a wrong or old slug can be sent there."""
    _address_of[:] = [address_of]


def declared(view: object) -> Access | None:
    """What a view declared, or None."""
    return getattr(view, "access", None)


def refuse_undeclared(app: Flask, library_views: dict[str, Access]) -> None:
    """Refuse to start with a view nobody said who may use.

    Raises:
        RuntimeError: names the endpoints.
    """
    bare = [name for name, view in app.view_functions.items() if not declared(view) and name not in library_views]
    if bare:
        raise RuntimeError(f"views without an access rule: {', '.join(sorted(bare))}")


def _load(of: Loader, actor: Actor, key: Any, *, ask_guests: bool) -> Any:
    """What a view is about; whoever sends a text and is signed in no longer is asked to sign in, not told 404."""
    try:
        return of(actor, key)
    except NotFound:
        if ask_guests and not actor.is_signed_in:
            raise SignInFirst from None
        raise


def _key_among(values: dict[str, Any]) -> str:
    ordered = sorted(values, key=lambda name: not name.endswith("_slug"))
    return next(name for name in ordered if name.endswith(("_slug", "_id")))


def _with_query(address: str) -> str:
    query = request.query_string.decode()
    return f"{address}?{query}" if query else address
