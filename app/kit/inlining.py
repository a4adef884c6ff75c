"""Macros that a loop calls are put in their place when a template is compiled.

A list of twenty cards of five macros is a hundred calls, each with a list of pieces that is joined and wrapped. In its
place a macro's body goes on writing into the page; what it is given stands where it asks for it, and a branch that
can never be taken is left out. Names a body sets are made unlike all others; where a name could mean something else
in its new place, or a macro wants more than its arguments, it stays a call.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any, cast

from jinja2 import Environment, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.visitor import NodeTransformer

MESSAGES = frozenset(("_", "ngettext"))
# What every template knows, and no view gives another meaning.
OF_ALL = MESSAGES | {"request"}
STAYS = (
    nodes.Block,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.FromImport,
    nodes.Import,
    nodes.Include,
    nodes.Macro,
    nodes.NSRef,
    nodes.With,
)
MOST_DEEP = 4
Parse = Callable[[str], nodes.Template]


@dataclass(frozen=True, slots=True)
class Known:
    """A macro and what stands around it."""

    macro: nodes.Macro
    beside: "Beside"


@dataclass
class Beside:
    """The macros a template may call: its own and those it imports, looked for when one is called."""

    parse: Parse
    is_plain: Callable[[str], bool]
    source: nodes.Template
    found: dict[str, Known | None] = field(default_factory=dict)

    def macro(self, name: str) -> Known | None:
        if name not in self.found:
            self.found[name] = None  # one that calls itself stays a call
            self.found[name] = self._own(name) or self._imported(name)
        return self.found[name]

    def _own(self, name: str) -> Known | None:
        own = [one for one in self.source.body if isinstance(one, nodes.Macro) and one.name == name]
        return Known(own[0], self) if len(own) == 1 else None

    def _imported(self, name: str) -> Known | None:
        for found in self.source.find_all(nodes.FromImport):
            if found.with_context or not isinstance(found.template, nodes.Const):
                continue
            for one in found.names:
                there, here = one if isinstance(one, tuple) else (one, one)
                if here == name:
                    return Beside(self.parse, self.is_plain, self.parse(found.template.value)).macro(there)
        return None


def inlined(source: nodes.Template, parse: Parse, is_plain: Callable[[str], bool]) -> nodes.Template:
    """A template in which loops write what their macros write.

    Args:
        parse: the source of another template, by its name.
        is_plain: whether a name means a plain function to every template.
    """
    given = {one.name for one in source.find_all(nodes.Name) if one.ctx != "load"}
    made: nodes.Template = _Loops(Beside(cache(parse), is_plain, source), given).visit(source)
    return made


class _Loops(NodeTransformer):
    """Looks for loops; in them, for what is put out."""

    def __init__(self, beside: Beside, given: set[str]) -> None:
        self.beside, self.given, self.numbers = beside, given, count()

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 (named after the node)
        node.body = [made for one in node.body for made in _listed(_Calls(self, self.beside, 0).visit(one))]
        return node


class _Calls(NodeTransformer):
    """Puts the bodies of macros in the places of their calls."""

    def __init__(self, loops: _Loops, beside: Beside, depth: int) -> None:
        self.loops, self.beside, self.depth = loops, beside, depth

    def visit_Macro(self, node: nodes.Macro) -> nodes.Macro:  # noqa: N802
        return node

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:  # noqa: N802
        made: list[nodes.Node] = []
        for piece in node.nodes:
            body = self._body(piece) if isinstance(piece, nodes.Call) else None
            if body is not None:
                made.append(nodes.Scope(body, lineno=node.lineno, environment=node.environment))
            elif made and isinstance(made[-1], nodes.Output):
                made[-1].nodes.append(piece)
            else:
                made.append(nodes.Output([piece], lineno=node.lineno, environment=node.environment))
        return made

    def _body(self, call: nodes.Call) -> list[nodes.Node] | None:
        """What a call of a macro writes; None if it is none, or one that stays."""
        if not isinstance(call.node, nodes.Name) or call.dyn_args or call.dyn_kwargs or self.depth >= MOST_DEEP:
            return None
        known = self.beside.macro(call.node.name)
        values = _bound(known.macro, call) if known else None
        if known is None or values is None or not self._may_move(known):
            return None
        body, given = _renamed(known.macro, values, next(self.loops.numbers))
        inner = _Calls(self.loops, known.beside, self.depth + 1)
        folded = [made for one in (*given, *body) for made in _listed(_Branches().visit(one))]
        return [made for one in folded for made in _listed(inner.visit(one))]

    def _may_move(self, known: Known) -> bool:
        """Whether each name that a macro does not give itself means the same where it is called."""
        body, free = known.macro.body, _free(known.macro)
        if free & self.loops.given or any(True for piece in body for _found in within(piece, STAYS)):
            return False
        if any(name in OF_ALL or self.beside.is_plain(name) for name in _stored(body)):
            return False
        called = {one.node.name for piece in body for one in within(piece, nodes.Call) if _is_named(one)}
        others = {name for name in free if name not in OF_ALL and not self.beside.is_plain(name)}
        return all(name in called and self._goes_along(known, name) for name in others)

    def _goes_along(self, known: Known, name: str) -> bool:
        """Whether each call a macro makes of another can be put in its place, too: its name is not known here."""
        inner = known.beside.macro(name)
        body = known.macro.body
        calls = [one for piece in body for one in within(piece, nodes.Call) if _is_named(one, name)]
        put_out = [one for piece in body for out in within(piece, nodes.Output) for one in out.nodes if one in calls]
        if inner is None or len(calls) != len(put_out) or self.depth + 1 >= MOST_DEEP:
            return False
        deeper = _Calls(self.loops, known.beside, self.depth + 1)
        return deeper._may_move(inner) and all(
            _bound(inner.macro, one) is not None and not one.dyn_args and not one.dyn_kwargs for one in calls
        )


def _bound(macro: nodes.Macro, call: nodes.Call) -> dict[str, nodes.Expr] | None:
    """What each argument of a macro is given; None if one is missing or is none of its own."""
    names = [one.name for one in macro.args]
    values = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
    given = dict(zip(names, call.args, strict=False)) | {one.key: one.value for one in call.kwargs}
    if len(call.args) > len(names) or set(given) - set(names) or set(names) - set(values | given):
        return None
    return values | given


def _renamed(
    macro: nodes.Macro, values: Mapping[str, nodes.Expr], number: int
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """The body with what its arguments are given in their places, and what has to be set before."""
    set_inside = _stored(macro.body)
    names: dict[str, nodes.Expr] = {name: nodes.Name(f"{name}_{number}", "load") for name in set_inside}
    before: list[nodes.Node] = []
    for name, value in values.items():
        if name not in set_inside and _stands_for(value, macro.body, name):
            names[name] = value
        else:
            names[name] = nodes.Name(f"{name}_{number}", "load")
            before.append(nodes.Assign(nodes.Name(f"{name}_{number}", "store"), value, lineno=macro.lineno))
    for one in before:
        one.set_environment(cast(Environment, macro.environment))
    return [copied(piece, names) for piece in macro.body], before


def _stands_for(value: nodes.Expr, body: list[nodes.Node], name: str) -> bool:
    """Whether a value may be asked for where the argument was: it costs nothing, or is asked for once at most."""
    if isinstance(value, nodes.Const) or (isinstance(value, nodes.Name) and value.name != "loop"):
        return True
    uses = sum(one.name == name for piece in body for one in within(piece, nodes.Name))
    return uses <= 1 and not any(True for piece in body for _found in within(piece, nodes.For))


def _stored(body: list[nodes.Node]) -> set[str]:
    return {one.name for piece in body for one in within(piece, nodes.Name) if one.ctx != "load"}


def _free(macro: nodes.Macro) -> frozenset[str]:
    """The names a macro asks for that it does not always give itself, such as `loop` or `caller` of others."""
    args = [nodes.Assign(nodes.Name(one.name, "store"), nodes.Const(""), lineno=macro.lineno) for one in macro.args]
    alone = nodes.Template([nodes.Scope([*args, *copied(macro.body, {})], lineno=macro.lineno)], lineno=macro.lineno)
    alone.set_environment(cast(Environment, macro.environment))
    never = {one.name for one in within(alone, nodes.Name)} - _stored([alone])
    return frozenset(find_undeclared_variables(alone) | never)


def _is_named(call: nodes.Call, name: str = "") -> bool:
    return isinstance(call.node, nodes.Name) and name in ("", call.node.name)


class _Branches(NodeTransformer):
    """Leaves out what can never come: a branch whose condition stands in the template."""

    def visit_If(self, node: nodes.If) -> Any:  # noqa: N802
        branches = [(self.visit(one.test), self._all(one.body)) for one in (node, *node.elif_)]
        branches = [(test, body) for test, body in branches if not isinstance(test, nodes.Const) or test.value]
        last, at = self._all(node.else_), len(branches)
        for place, (test, body) in enumerate(branches):
            if isinstance(test, nodes.Const):
                last, at = body, place
                break
        made = last
        for test, body in reversed(branches[:at]):
            made = [nodes.If(test, body, [], made, lineno=node.lineno, environment=node.environment)]
        return made

    def _all(self, body: list[nodes.Node]) -> list[nodes.Node]:
        return [made for one in body for made in _listed(self.visit(one))]

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        if not isinstance(node.test, nodes.Const):
            return node
        return node.expr1 if node.test.value else node.expr2 or nodes.Const("", lineno=node.lineno)

    def visit_Not(self, node: nodes.Not) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return nodes.Const(not node.node.value, lineno=node.lineno) if isinstance(node.node, nodes.Const) else node

    def visit_And(self, node: nodes.And) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return (node.right if node.left.value else node.left) if isinstance(node.left, nodes.Const) else node

    def visit_Or(self, node: nodes.Or) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return (node.left if node.left.value else node.right) if isinstance(node.left, nodes.Const) else node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        one, other = node.expr, node.ops[0].expr
        if len(node.ops) > 1 or node.ops[0].op not in ("eq", "ne"):
            return node
        if isinstance(one, nodes.Const) and isinstance(other, nodes.Const):
            return nodes.Const((one.value == other.value) is (node.ops[0].op == "eq"), lineno=node.lineno)
        return node


def _listed(made: Any) -> list[nodes.Node]:
    return made if isinstance(made, list) else [made]


def within(node: nodes.Node, kind: Any) -> Iterator[Any]:
    """The nodes of a kind in a piece of a template, itself too."""
    if isinstance(node, kind):
        yield node
    yield from node.find_all(kind)


def copied(node: Any, values: Mapping[str, nodes.Expr]) -> Any:
    """A copy of a piece of a template in which names are replaced: what is stored, by another name alone."""
    if isinstance(node, list):
        return [copied(one, values) for one in node]
    if isinstance(node, tuple):
        return tuple(copied(one, values) for one in node)
    if not isinstance(node, nodes.Node):
        return node
    if isinstance(node, nodes.Name) and node.name in values:
        value = copied(values[node.name], {})
        if node.ctx != "load":
            value.ctx = node.ctx
        return value
    made = type(node)(*(copied(getattr(node, name), values) for name in node.fields))
    for name in node.attributes:
        setattr(made, name, getattr(node, name))
    return made
