"""HTTP: the only package that knows the web framework."""

from starlette.convertors import IntegerConvertor, register_url_convertor

from app.model.whole import MOST_DIGITS


class NumberConvertor(IntegerConvertor):
    """A number in a path, of no more digits than a column of a table holds: `{number:int}`."""

    regex = f"[0-9]{{1,{MOST_DIGITS}}}"


# Here, as every path is made after this.
register_url_convertor("int", NumberConvertor())
