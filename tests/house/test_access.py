"""Who may is declared on every route."""

import pytest
from flask import Flask

from app.kit.access import access, anyone, declared, refuse_undeclared

pytestmark = pytest.mark.on("sqlite")


def test_a_view_without_a_rule_is_refused_at_start() -> None:
    app = Flask("forgetful", static_folder=None)
    app.add_url_rule("/open", "open", access(anyone)(lambda: "for all"))
    refuse_undeclared(app, {})
    app.add_url_rule("/forgotten", "forgotten", lambda: "for whom?")
    with pytest.raises(RuntimeError, match="forgotten"):
        refuse_undeclared(app, {})


def test_only_declared_get_requests_may_write(app: Flask) -> None:
    """Confirming an address is the one act a link in a mail may do."""
    writing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and (said := declared(app.view_functions[rule.endpoint])) and said.writes
    }
    assert writing == set()


def test_ids_in_addresses_are_bounded(app: Flask) -> None:
    """`<int:…>` accepts numbers no database can hold."""
    unbounded = [str(rule) for rule in app.url_map.iter_rules() if "<int:" in str(rule)]
    assert unbounded == []
