"""The entry point papermill loads at its start: registers the translator; the engine it names is papermill's own."""

from papermill.engines import NBClientEngine
from papermill.translators import papermill_translators

from .parameters import TypeScriptTranslator

__all__ = ["NBClientEngine"]

papermill_translators.register("typescript", TypeScriptTranslator)
