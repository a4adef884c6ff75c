"""Statements that are put together and compiled once, and asked many times with other values.

SQLAlchemy takes longer to see that it knows a statement, and to set up its rows, than SQLite takes to answer it. Here
a statement is known by its shape alone; what it gives are plain rows, with the values its columns' types say.
"""

import copy
from collections import namedtuple
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.visitors import cloned_traverse

from app.kit.db import connection
from app.kit.pipeline import Answer, Foreseen, Statement, in_one_go
from app.kit.units import foreseen, note_written, only_reads, put_off, taken_off, waiting

MOST_KEPT = 500
LENGTHS = (1, 5, 20, 50, 100, 300)
Convert = Callable[[Any], Any]


class Prepared:
    """What `build(*shape)` makes: a select whose values are named `bindparam`s, lists of them expanding ones."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self.build = build
        self._known: dict[Hashable, _Compiled] = {}
        self._without_lists: dict[Hashable, _Compiled] = {}

    def rows(self, values: Mapping[str, Any], *shape: Hashable) -> list[Any]:
        """The rows, their values by the names of the columns; of several columns of one name the first has it."""
        used = connection()
        compiled = self._without_lists.get((used.dialect.name, shape))
        if compiled is None:
            values = _of_few_lengths(used, values)
            compiled = self._compiled(used, values, shape)
        return compiled.rows(used, values)

    def ahead(self, values: Mapping[str, Any], *shape: Hashable) -> None:
        """Ask for what it locks alone; on PostgreSQL with the next statement, which sees what was committed by then."""
        if self._put_off(values, shape) is None:
            self.rows(values, *shape)

    def foresee(self, values: Mapping[str, Any], *shape: Hashable) -> Foreseen | None:
        """Tell what `rows` will be asked in this unit of work: on PostgreSQL it goes with the statement before, too.

        What was written in between makes it be asked anew. None: it is not asked ahead.
        """
        used = connection()
        if (ahead := waiting(used)) is None:
            return None
        compiled = self._compiled(used, values, shape)
        one = Foreseen(compiled.given(values))
        if compiled.make is None:
            one.answer = compiled.made_known(used, one.values)
        else:
            ahead.append((compiled.text, one.values))
        foreseen(used)[compiled.text] = one
        return one

    def is_foreseen(self, values: Mapping[str, Any], *shape: Hashable) -> bool:
        """Whether `rows` will ask nothing anew."""
        used = connection()
        compiled = self._compiled(used, values, shape)
        one = foreseen(used).get(compiled.text)
        return one is not None and one.values == compiled.given(values)

    def _put_off(self, values: Mapping[str, Any], shape: tuple[Hashable, ...]) -> "_Compiled | None":
        used = connection()
        if (ahead := put_off(used)) is None:
            return None
        compiled = self._compiled(used, values, shape)
        ahead.append((compiled.text, compiled.given(values)))
        return compiled

    def _compiled(self, used: Connection, values: Mapping[str, Any], shape: tuple[Hashable, ...]) -> "_Compiled":
        dialect = used.dialect
        if (known := self._without_lists.get((dialect.name, shape))) is not None:
            return known
        lengths = tuple([len(value) for value in values.values() if type(value) is list])
        kept: dict[Hashable, _Compiled] = self._known if lengths else self._without_lists
        key = (dialect.name, shape, lengths) if lengths else (dialect.name, shape)
        known = kept.get(key)
        if known is None:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            # Of several threads that make it at once one is heard: what its columns are called is known of that one.
            known = kept.setdefault(key, _Compiled(self.build(*shape), values, dialect))
        return known


class PreparedChange(Prepared):
    """The same for an INSERT, UPDATE or DELETE. An INSERT is given every value: columns' defaults are not asked."""

    def run(self, values: Mapping[str, Any], *shape: Hashable) -> int:
        """How many rows were written; what guests see of the table has changed then."""
        used = connection()
        compiled = self._compiled(used, values, shape)
        number = cast(int, fetched(used, compiled.text, compiled.given(values), reads=False)[1])
        if number:
            note_written(compiled.table)
        return number

    def soon(self, values: Mapping[str, Any], *shape: Hashable) -> None:
        """The same where nobody asks how many: on PostgreSQL with the next statement, or with the COMMIT."""
        if (compiled := self._put_off(values, shape)) is not None:
            note_written(compiled.table)
        else:
            self.run(values, *shape)

    def first(self, values: Mapping[str, Any], *shape: Hashable) -> Any:
        """The first value a statement with RETURNING gives; None where no row was written."""
        used = connection()
        compiled = self._compiled(used, values, shape)
        rows = fetched(used, compiled.text, compiled.given(values), writes=True)[0]  # SQLite says too late how many
        if not rows:
            return None
        note_written(compiled.table)
        return rows[0][0]


class _Compiled:
    """The text of a statement in a database's own words, where its values go and what becomes of its columns."""

    def __init__(self, statement: Any, values: Mapping[str, Any], dialect: Dialect) -> None:
        dialect = _numbering(dialect)
        self.table = "" if statement.is_select else statement.table.name
        written_out = _with_words_written_out(statement)
        compiled = written_out.compile(dialect=dialect, column_keys=None if statement.is_select else list(values))
        state = compiled.construct_expanded_state(values)
        self.text = state.statement
        places = {
            name: (key, index)
            for key, value in values.items()
            for index, name in (
                enumerate(state.parameter_expansion[key]) if key in state.parameter_expansion else [(-1, key)]
            )
        }
        self.names = tuple(state.positiontup or ())
        # Those of spelled-out lists are told; the others know their type.
        written = {name: _impl(bound.type, dialect).bind_processor(dialect) for name, bound in compiled.binds.items()}
        written |= state.processors
        self.binds = [(*places.get(name, ("", -1)), state.parameters[name], written.get(name)) for name in self.names]
        self.reads = [
            (index, read)
            for index, column in enumerate(statement.selected_columns if statement.is_select else ())
            if (read := _impl(column.type, dialect).result_processor(dialect, None))
        ]
        self.make: Callable[[Any], Any] | None = None

    def rows(self, used: Connection, values: Mapping[str, Any]) -> list[Any]:
        found, names = fetched(used, self.text, self.given(values), writes=bool(self.table), named=self.make is None)
        make, reads = self.make or self._row(names), self.reads
        if not reads:
            return list(map(make, found))
        made = []
        for row in found:
            whole = list(row)
            for index, read in reads:
                if whole[index] is not None:
                    whole[index] = read(whole[index])
            made.append(make(whole))
        return made

    def made_known(self, used: Connection, values: tuple[Any, ...]) -> Answer:
        """Ask at once, for the first time: what its columns are called is known then."""
        found, names = fetched(used, self.text, values, named=True)
        self._row(names)
        return Answer(found, len(found), names)

    def given(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        given = [
            (values[key] if convert is None else convert(values[key]))
            if key and index < 0
            else self._bound(values, key, index, constant, convert)
            for key, index, constant, convert in self.binds
        ]
        return tuple(given)

    @staticmethod
    def _bound(values: Mapping[str, Any], key: str, index: int, constant: Any, convert: Convert | None) -> Any:
        if not key:
            return constant if convert is None else convert(constant)
        value = values[key] if index < 0 else values[key][index]
        return value if convert is None else convert(value)

    def _row(self, names: list[str]) -> Callable[[Any], Any]:
        first = [name if name not in names[:place] else f"_{place}" for place, name in enumerate(names)]
        self.make = partial(tuple.__new__, cast(Any, namedtuple)("Row", first, rename=True))
        return self.make


def _of_few_lengths(used: Connection, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """On PostgreSQL a statement is another one, planned anew, for each length of its lists. They say what something is
    one of: the last value fills them up.
    """
    if used.dialect.name == "sqlite":
        return values
    return {name: _filled_up(value) if type(value) is list and value else value for name, value in values.items()}


def _filled_up(values: list[Any]) -> list[Any]:
    length = next((one for one in LENGTHS if one >= len(values)), len(values))
    return values + values[-1:] * (length - len(values))


def _with_words_written_out(statement: Any) -> Any:
    """The words a statement always says, such as a state, stand in its text.

    Where a partial index asks for such a word, SQLite plans a statement anew each time the word is given as a value.
    """

    def mark(bound: BindParameter[Any]) -> None:
        bound.literal_execute = bound.unique and not bound.expanding and isinstance(bound.value, str)

    return cloned_traverse(statement, {}, {"bindparam": mark})


def fetched(
    used: Connection, text: str, values: Any, *, reads: bool = True, writes: bool = False, named: bool = False
) -> tuple[list[Any], Any]:
    """All rows of a statement at once from the driver, and the names of their columns if `named`.

    reads: it gives rows; else what comes beside the empty list is how many were touched. writes: gives rows of what it
    wrote. Drivers are asked for no more than is needed: of PostgreSQL's the description of forty columns takes as long
    as a short statement. There what is read is planned once, whatever its values: where it thinks that a plan for some
    costs less, it makes one each time, which may take longer than carrying it out. Words that decide stand in the text
    (`_with_words_written_out`). And what only reads begins no transaction: each statement sees what was committed
    before it there, within one as without.
    """
    if type(values) is tuple and used.dialect.name != "sqlite":
        known = {} if named else foreseen(used)
        if known and (rows := _foreseen_rows(used, known, text, values)) is not None:
            return rows, []
        alone = reads and not writes and only_reads(used)
        answer = _sent(used, [(text, values)], alone=alone, named=named, planned_once=reads)
        return answer.rows, answer.names if named else answer.number
    cursor = cast(Any, used.connection.cursor())
    for tell in used.engine.dispatch.before_cursor_execute:
        tell(used, cursor, text, values, None, False)
    try:
        cursor.execute(text, values)
        found = cursor.fetchall() if reads else []
        beside = [column[0] for column in cursor.description] if named else cursor.rowcount
    except used.dialect.loaded_dbapi.Error as error:
        used._handle_dbapi_exception(error, text, values, cursor, None)  # raises it in SQLAlchemy's words
        raise
    cursor.close()
    return found, beside


def _sent(used: Connection, last: list[Statement], *, alone: bool, **how: Any) -> Answer:
    """What waits, and what is asked now. Where the connection was lost since it was used last, as when PostgreSQL was
    started anew, what begins no transaction is asked once more on a new one: nothing was lost with it.
    """
    try:
        return in_one_go(used, [*taken_off(used), *last], alone=alone, foreseen=foreseen(used), **how)
    except DBAPIError as error:
        if used.in_transaction() or not (alone and error.connection_invalidated):
            raise
        return in_one_go(used, last, alone=alone, **how)


def send_what_waits() -> None:
    """Send to PostgreSQL what was foreseen, without asking anything else."""
    used = connection()
    _sent(used, [], alone=only_reads(used), planned_once=True)


def _foreseen_rows(
    used: Connection, known: dict[str, Foreseen], text: str, values: tuple[Any, ...]
) -> list[Any] | None:
    """What a statement gave that was foreseen, once; None where it was not, or not with these values."""
    one = known.get(text)
    if one is None or one.values != values:
        return None
    if one.answer is None:
        _sent(used, [], alone=only_reads(used), planned_once=True)
    del known[text]
    return one.answer.rows if one.answer is not None else None


def _numbering(dialect: Dialect) -> Dialect:
    """The same for statements whose values have numbers, as PostgreSQL knows them: psycopg writes no others."""
    if dialect.name == "sqlite":
        return dialect
    numbering = copy.copy(dialect)
    numbering.paramstyle, numbering.positional = "numeric_dollar", True
    numbering.identifier_preparer = numbering.preparer(numbering)
    return numbering


def _impl(kind: Any, dialect: Dialect) -> Any:
    return kind.dialect_impl(dialect)
