"""papermill's translator for TypeScript: writes the cell of parameters, and reads the notebook's own."""

from .declarations import declarations
from .values import is_name, literal


# papermill asks a translator for codify and inspect. Its base class stays out: importing it here would import papermill, which
# loads our entry point, which needs this class.
class TypeScriptTranslator:
    """Parameters of a TypeScript notebook."""

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        """The source of the cell that papermill adds behind the cell tagged “parameters”."""
        lines = [f"// {line}".rstrip() for line in comment.splitlines()]
        lines += [declaration(name, value) for name, value in parameters.items()]
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters of a notebook, for `papermill --help-notebook`."""
        from papermill.models import Parameter

        return [Parameter(*found) for found in declarations(parameters_cell["source"])]


def declaration(name, value) -> str:
    if not is_name(name):
        from papermill.exceptions import PapermillException

        raise PapermillException(
            f"“{name}” cannot be a parameter of a TypeScript notebook: a variable's name has letters, digits, _ and $, does not"
            " begin with a digit and is no word of the language."
        )
    # A value without a type of its own would fix the variable to null, or to lists of nothing.
    annotation = ": any" if value is None else ": any[]" if value in ([], ()) else ""
    # let, because the notebook may go on to change its parameters.
    return f"let {name}{annotation} = {literal(value)};"
