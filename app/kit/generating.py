"""The Python code of templates: as Jinja writes it, but calls and attributes take no more steps than they need.

A template's global that is a plain function is called as one, a macro without asking what it wants to be given, and
an attribute is asked for directly; only where there is none, Jinja looks further (an item, or nothing).
"""

import sys
from collections.abc import Mapping
from keyword import iskeyword
from types import FunctionType
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

HEADER = """
from app.kit.templating import escaped as escape
from app.kit.generating import called
modules = {}
"""


def called(macro: Any, *args: Any, **kwargs: Any) -> Any:
    """What a macro puts out. As it binds them itself, for one that takes its own arguments and no other."""
    if type(macro) is not Macro or macro.caller or macro.catch_kwargs or macro.catch_varargs:
        return macro(*args, **kwargs)
    if kwargs:
        if len(args) > macro._argument_count:
            return macro(*args, **kwargs)
        left = [kwargs.pop(name, missing) for name in macro.arguments[len(args) :]]
        if kwargs:
            return macro(*args, **kwargs)  # which refuses them
        return str.__new__(Markup, macro._func(*args, *left))
    left_out = macro._argument_count - len(args)
    if left_out < 0:
        return macro(*args)  # which refuses them
    return str.__new__(Markup, macro._func(*args, *((missing,) * left_out)))


def names_given(source: nodes.Template) -> set[str]:
    """What a template calls by a name of its own: set, looped over, argument or macro."""
    given = {one.name for one in source.find_all(nodes.Name) if one.ctx != "load"}
    return given | _names_of_macros(source)


def plain_function(name: str, known: Mapping[str, Any]) -> nodes.ImportedName | None:
    """A global of templates that is a plain function of a module, as what the code imports."""
    function = known.get(name)
    if type(function) is not FunctionType or vars(function) or function.__module__ not in sys.modules:
        return None
    is_found = getattr(sys.modules[function.__module__], function.__name__, None) is function
    return nodes.ImportedName(f"{function.__module__}.{function.__name__}") if is_found else None


class Generator(CodeGenerator):
    """Jinja's, with shorter ways."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 (named after the node)
        self.macros = _names_of_macros(node) - {one.name for one in node.find_all(nodes.Name) if one.ctx != "load"}
        super().visit_Template(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        is_plain = isinstance(node.node, nodes.ImportedName) and not node.dyn_args
        if is_plain and not forward_caller and all(not iskeyword(one.key) for one in node.kwargs):
            self._plain_call(node, frame)
        elif not forward_caller and self._is_macro(node, frame):
            self.write("called(")
            self.visit(node.node, frame)
            self.signature(node, frame)
            self.write(")")
        else:
            super().visit_Call(node, frame, **({"forward_caller": True} if forward_caller else {}))

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        value, is_name = self.temporary_identifier(), isinstance(node.node, nodes.Name)
        thing = "" if is_name else self.temporary_identifier()
        self.write(f"({value} if ({value} := getattr(" + ("" if is_name else f"({thing} := "))
        self.visit(node.node, frame)
        self.write(("" if is_name else ")") + f", {node.attr!r}, missing)) is not missing else environment.getattr(")
        self.visit(node.node, frame) if is_name else self.write(thing)
        self.write(f", {node.attr!r}))")

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802
        """What a loop puts out is one piece: otherwise each of its own passes through every template around it."""
        if frame.buffer is not None or node.recursive:
            super().visit_For(node, frame)
            return
        self.buffer(frame)
        super().visit_For(node, frame)
        self.writeline(f"yield concat({frame.buffer})", node)
        frame.buffer = None

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        if node.with_context or not isinstance(node.template, nodes.Const):
            super()._import_common(node, frame)
        else:
            self.write(f"environment.macros_of({node.template.value!r}, modules)")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if finalize.src is None and frame.eval_ctx.autoescape is True and self._is_safe(node, frame):
            self.write("(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _is_safe(self, node: nodes.Expr, frame: Frame) -> bool:
        """Whether it gives a text that needs no escaping: what a macro makes, a word of the template."""
        if isinstance(node, nodes.CondExpr):
            return node.expr2 is not None and self._is_safe(node.expr1, frame) and self._is_safe(node.expr2, frame)
        if isinstance(node, nodes.MarkSafeIfAutoescape):
            return isinstance(node.expr, nodes.Const) and isinstance(node.expr.value, str)
        if isinstance(node, nodes.Const):
            return isinstance(node.value, str) and escape(node.value) == node.value
        return isinstance(node, nodes.Call) and self._is_macro(node, frame)

    def _plain_call(self, node: nodes.Call, frame: Frame) -> None:
        self.visit(node.node, frame)
        self.write("(")
        for place, argument in enumerate((*node.args, *node.kwargs)):
            self.write(", " if place else "")
            self.visit(argument, frame)
        if node.dyn_kwargs is not None:
            self.write(", **" if node.args or node.kwargs else "**")
            self.visit(node.dyn_kwargs, frame)
        self.write(")")

    def _is_macro(self, node: nodes.Call, frame: Frame) -> bool:
        is_known = isinstance(node.node, nodes.Name) and node.node.name in self.macros
        return is_known and frame.eval_ctx.autoescape is True and not frame.eval_ctx.volatile


def _names_of_macros(source: nodes.Template) -> set[str]:
    imported = {
        one if isinstance(one, str) else one[1] for found in source.find_all(nodes.FromImport) for one in found.names
    }
    return imported | {one.name for one in source.find_all(nodes.Macro)}
