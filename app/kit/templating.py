"""Templates are compiled once for each language: what is the same on every page is put in then, not each time.

A message, an icon, the address of a static file or of a page without values is a constant; of a message with values
the text around them is. What a template says is unchanged by this, only when it is looked up.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from types import FunctionType
from typing import Any, cast

from flask import Flask, has_request_context
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template, nodes
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from markupsafe._speedups import _escape_inner

from app.kit.generating import HEADER, Generator, called, names_given, plain_function
from app.kit.here import root
from app.kit.i18n import variant
from app.kit.inlining import copied, inlined, within

VALUE = re.compile(r"%\((\w+)\)s|(%%)")
CONSTANT = ("asset", "icon", "url_for")
UNROLLED_NEVER = (
    nodes.Assign,
    nodes.AssignBlock,
    nodes.Macro,
    nodes.CallBlock,
    nodes.Import,
    nodes.FromImport,
    nodes.Include,
)
OF_LANGUAGE = ("content_lang", "language", "region_name")


def escaped(value: object) -> str:
    """What a template puts out, safe in HTML: as Jinja's own, without a new object for each piece."""
    if type(value) is Markup:
        return value
    if type(value) is str or type(value) is int:
        return _escape_inner(value) if type(value) is str else str(value)
    return escape(value)


class QuickContext(Context):
    """Calls plain functions and macros as they are; only others are asked whether they want the context."""

    def call(__self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: N805 (names may not clash)
        kind = type(__obj)
        if kind is Macro and __self.eval_ctx.autoescape:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return called(__obj, *args, **kwargs)
        if kind is FunctionType and not __obj.__dict__:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return __obj(*args, **kwargs)
        return super().call(__obj, *args, **kwargs)


class Environment(FlaskEnvironment):
    """Flask's, with a compiled template for each language (and each place the application may be mounted at)."""

    context_class = QuickContext
    code_generator_class = Generator

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self.compiled: dict[tuple[object, ...], Template] = {}

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002
        assert self.loader is not None
        key = (name, variant(), root())  # where it is mounted is part of constants
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
        if not self.auto_reload:
            source = inlined(source, self._parsed, lambda one: plain_function(one, self.globals) is not None)
        made = super()._generate(_Folding(self, names_given(source)).visit(source), name, filename, defer_init)
        imports, rest = made.split("\n", 1)
        return f"{imports}\n{HEADER}\n{rest}"

    def _parsed(self, name: str) -> nodes.Template:
        assert self.loader is not None
        text, file, _is_fresh = self.loader.get_source(self, name)
        return self._parse(text, name, file)

    def macros_of(self, name: str, known: dict[str, Any]) -> Any:
        """What a template imports; looked for once, as long as nobody edits templates."""
        module = known.get(name)
        if module is None:
            module = self.get_template(name)._get_default_module()
            if not self.auto_reload:
                known[name] = module
        return module


class _Folding(NodeTransformer):
    """Puts constants in the places of calls that always give the same."""

    def __init__(self, environment: Environment, given: set[str]) -> None:
        self.environment, self.given = environment, given

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 (named after the node)
        node.nodes = [piece for child in node.nodes for piece in self._pieces(child)]
        return node

    def visit_Include(self, node: nodes.Include) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        """A part without blocks of its own is put in its place, as long as nobody edits templates."""
        if self.environment.auto_reload or not isinstance(node.template, nodes.Const) or node.ignore_missing:
            return node
        part = self.environment._parsed(node.template.value)
        if part.find(nodes.Block) or part.find(nodes.Extends) or not node.with_context:
            return node
        body = _Folding(self.environment, self.given | names_given(part)).visit(part).body
        return nodes.Scope(body, lineno=node.lineno, environment=node.environment)

    def visit_For(self, node: nodes.For) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        """A loop over what stands in the template is written out: then what it says can be put in."""
        pieces = _written_out(node)
        if pieces is None:
            self.generic_visit(node)
            return node
        made = nodes.Scope(pieces, lineno=node.lineno, environment=node.environment)
        self.generic_visit(made)
        return list(made.body)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        if node.node.name == "ngettext":
            return self._number(node)
        made = node if node.kwargs else self._plain(node, node.node.name)
        return self._direct(node) if made is node else made

    def _direct(self, node: nodes.Call) -> nodes.Node:
        """A call of a plain function that is known to every template."""
        name = cast(nodes.Name, node.node).name
        function = None if name in self.given else plain_function(name, self.environment.globals)
        if function is not None:
            node.node = cast(nodes.Expr, _like(node, function))
        return node

    def _plain(self, node: nodes.Call, name: str) -> nodes.Node:
        """A call with nothing but places."""
        if name in OF_LANGUAGE and not node.args and has_request_context():
            return self._constant(node, cast(Callable[..., str], self.environment.globals[name])())
        values = [one.value for one in map(_joined, node.args) if isinstance(one, nodes.Const)]
        if not values or len(values) != len(node.args) or not all(isinstance(one, str) for one in values):
            return node
        if name == "_":
            return _like(node, nodes.MarkSafeIfAutoescape(nodes.Const(self._said(values[0]) % {})))
        if name not in CONSTANT or not has_request_context() or (name == "url_for" and values[0].startswith(".")):
            return node
        return self._constant(node, cast(Callable[..., str], self.environment.globals[name])(*values))

    def _number(self, call: nodes.Call) -> nodes.Node:
        """A message of a number of things: which of both it is, is all that is asked later."""
        texts, values = call.args[:2], {one.key: one.value for one in call.kwargs}
        if len(call.args) != 3 or not all(isinstance(one, nodes.Const) for one in texts):
            return call
        number, values = call.args[2], {"num": call.args[2]} | values
        both = [self._filled(self._said_of(texts, many), values, call.lineno) for many in (1, 2)]
        if None in both:
            return call
        one, many = (_like(call, nodes.Concat(pieces)) for pieces in both)
        return _like(call, nodes.CondExpr(nodes.Compare(number, [nodes.Operand("eq", nodes.Const(1))]), one, many))

    def _constant(self, node: nodes.Call, made: str) -> nodes.Node:
        text = nodes.Const(str(made))
        return _like(node, nodes.MarkSafeIfAutoescape(text) if isinstance(made, Markup) else text)

    def _pieces(self, child: nodes.Expr) -> Iterator[nodes.Expr]:
        if isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) and child.node.name == "_":
            yield from self._message(child)
            return
        made = _or_nothing(self.visit(child))
        if isinstance(made, nodes.MarkSafeIfAutoescape) and isinstance(made.expr, nodes.Const):
            made = nodes.TemplateData(made.expr.value, lineno=child.lineno)
        yield made

    def _message(self, call: nodes.Call) -> Iterable[nodes.Expr]:
        """A message's text, and its values where they belong."""
        self.generic_visit(call)
        text, values = call.args[0], {one.key: one.value for one in call.kwargs}
        if not isinstance(text, nodes.Const) or len(call.args) != 1 or call.dyn_args or call.dyn_kwargs:
            return [call]
        return self._filled(self._said(text.value), values, call.lineno) or [call]

    def _filled(self, said: str, values: Mapping[str, nodes.Expr], lineno: int) -> list[nodes.Expr] | None:
        """A message's pieces, if every value it names is there, and once."""
        names = [match[1] for match in VALUE.finditer(said) if match[1]]
        if "%" in VALUE.sub("", said) or not set(names) <= set(values) or len(names) != len(set(names)):
            return None
        pieces: list[nodes.Expr] = []
        end = 0
        for match in VALUE.finditer(said):
            pieces.append(nodes.TemplateData(said[end : match.start()] + ("%" if match[2] else ""), lineno=lineno))
            if match[1]:
                pieces.append(values[match[1]])
            end = match.end()
        return [*pieces, nodes.TemplateData(said[end:], lineno=lineno)]

    def _said(self, text: str) -> str:
        return cast(Callable[[str], str], self.environment.globals["message"])(text)

    def _said_of(self, texts: Sequence[nodes.Expr], number: int) -> str:
        one, many = (cast(nodes.Const, text).value for text in texts)
        return cast(Callable[[str, str, int], str], self.environment.globals["message_of"])(one, many, number)


def _or_nothing(node: nodes.Expr) -> nodes.Expr:
    """What is put out under a condition alone, else nothing: without an object that explains why."""
    if isinstance(node, nodes.CondExpr) and node.expr2 is None:
        node.expr2 = nodes.Const("")
    return node


def _like(node: nodes.Node, made: nodes.Node) -> nodes.Node:
    made.set_lineno(node.lineno)
    made.set_environment(cast(Any, node.environment))
    return made


def _joined(node: nodes.Expr) -> nodes.Expr:
    """Constants that are put together, as one."""
    if isinstance(node, nodes.Concat) and all(isinstance(one, nodes.Const) for one in node.nodes):
        return nodes.Const("".join(str(cast(nodes.Const, one).value) for one in node.nodes))
    return node


def _written_out(loop: nodes.For) -> list[nodes.Node] | None:
    """The pieces of a loop over words in its template, one after the other; None if it is another or knows its turn."""
    names = [one.name for one in loop.target.find_all(nodes.Name)] or [getattr(loop.target, "name", "")]
    if not isinstance(loop.iter, nodes.List | nodes.Tuple) or loop.else_ or loop.test or loop.recursive:
        return None
    if any(True for piece in loop.body for _found in within(piece, UNROLLED_NEVER)):
        return None
    if any(
        one.name in ("loop", "caller") or one.ctx != "load" for piece in loop.body for one in within(piece, nodes.Name)
    ):
        return None
    turns = [one.items if isinstance(one, nodes.Tuple) else [one] for one in loop.iter.items]
    if any(len(turn) != len(names) or not all(map(_is_word, turn)) for turn in turns):
        return None
    return [copied(piece, dict(zip(names, turn, strict=True))) for turn in turns for piece in loop.body]


def _is_word(node: nodes.Expr) -> bool:
    """A constant, or a message without values."""
    is_message = isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "_"
    return isinstance(node, nodes.Const) or (is_message and not cast(nodes.Call, node).kwargs)
