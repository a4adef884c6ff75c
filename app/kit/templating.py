"""Templates are compiled once for each language: what is the same on every page is put in then, not each time.

A message, an icon, the address of a static file or of a page without values is a constant; of a message with values
the text around them is. What a template says is unchanged by this, only when it is looked up.
"""

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from types import FunctionType
from typing import Any, cast

from flask import Flask, has_request_context, request
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template, nodes
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from markupsafe._speedups import _escape_inner

from app.kit.i18n import variant

VALUE = re.compile(r"%\((\w+)\)s|(%%)")
CONSTANT = ("asset", "icon", "url_for")
OF_LANGUAGE = ("content_lang", "language", "region_name")
ESCAPING = "from app.kit.templating import escaped as escape"


def escaped(value: object) -> str:
    """What a template puts out, safe in HTML: as Jinja's own, without a new object for each piece."""
    if type(value) is Markup:
        return value
    if type(value) is str or type(value) is int:
        return _escape_inner(value) if type(value) is str else str(value)
    return escape(value)


class QuickContext(Context):
    """Calls plain functions as they are; only others are asked whether they want the context."""

    def call(__self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: N805 (names may not clash)
        if (type(__obj) is FunctionType and not __obj.__dict__) or (
            type(__obj) is Macro and __self.eval_ctx.autoescape
        ):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return __obj(*args, **kwargs)
        return super().call(__obj, *args, **kwargs)


class Environment(FlaskEnvironment):
    """Flask's, with a compiled template for each language (and each place the application may be mounted at)."""

    context_class = QuickContext

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self.compiled: dict[tuple[object, ...], Template] = {}

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002
        assert self.loader is not None
        key = (name, variant(), _place())
        template = self.compiled.get(key)
        if template is None or (self.auto_reload and not template.is_up_to_date):
            # One flat dictionary: each import of macros takes the difference of what templates know.
            known = {**self.globals, **(globals or {})}
            template = self.compiled[key] = self.loader.load(self, name, known)
        elif globals:
            template.globals.update(globals)
        return template

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        made = super()._generate(_Folding(self).visit(source), name, filename, defer_init)
        imports, rest = made.split("\n", 1)
        return f"{imports}\n{ESCAPING}\n{rest}"


def _place() -> object:
    """What else constants depend on: where the application is mounted."""
    return request.script_root if has_request_context() else None


class _Folding(NodeTransformer):
    """Puts constants in the places of calls that always give the same."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 (named after the node)
        node.nodes = [piece for child in node.nodes for piece in self._pieces(child)]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        if node.node.name in OF_LANGUAGE and not node.args and has_request_context():
            return self._constant(node, cast(Callable[..., str], self.environment.globals[node.node.name])())
        values = [one.value for one in node.args if isinstance(one, nodes.Const)]
        if not values or len(values) != len(node.args) or not all(isinstance(one, str) for one in values):
            return node
        name = node.node.name
        if name == "_":
            return _like(node, nodes.MarkSafeIfAutoescape(nodes.Const(self._said(values[0]) % {})))
        if name not in CONSTANT or not has_request_context() or (name == "url_for" and values[0].startswith(".")):
            return node
        return self._constant(node, cast(Callable[..., str], self.environment.globals[name])(*values))

    def _constant(self, node: nodes.Call, made: str) -> nodes.Node:
        text = nodes.Const(str(made))
        return _like(node, nodes.MarkSafeIfAutoescape(text) if isinstance(made, Markup) else text)

    def _pieces(self, child: nodes.Expr) -> Iterator[nodes.Expr]:
        if isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) and child.node.name == "_":
            yield from self._message(child)
            return
        made = self.visit(child)
        if isinstance(made, nodes.MarkSafeIfAutoescape) and isinstance(made.expr, nodes.Const):
            made = nodes.TemplateData(made.expr.value, lineno=child.lineno)
        yield made

    def _message(self, call: nodes.Call) -> Iterable[nodes.Expr]:
        """A message's text, and its values where they belong."""
        self.generic_visit(call)
        text, values = call.args[0], {one.key: one.value for one in call.kwargs}
        if not isinstance(text, nodes.Const) or len(call.args) != 1 or call.dyn_args or call.dyn_kwargs:
            return [call]
        said = self._said(text.value)
        names = [match[1] for match in VALUE.finditer(said) if match[1]]
        if "%" in VALUE.sub("", said) or not set(names) <= set(values) or len(names) != len(set(names)):
            return [call]
        pieces: list[nodes.Expr] = []
        end = 0
        for match in VALUE.finditer(said):
            pieces.append(nodes.TemplateData(said[end : match.start()] + ("%" if match[2] else ""), lineno=call.lineno))
            if match[1]:
                pieces.append(values[match[1]])
            end = match.end()
        return [*pieces, nodes.TemplateData(said[end:], lineno=call.lineno)]

    def _said(self, text: str) -> str:
        return cast(Callable[[str], str], self.environment.globals["message"])(text)


def _like(node: nodes.Node, made: nodes.Node) -> nodes.Node:
    made.set_lineno(node.lineno)
    made.set_environment(cast(Any, node.environment))
    return made
