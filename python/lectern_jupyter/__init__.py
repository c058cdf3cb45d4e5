"""What Jupyter's Python programs need to know about TypeScript notebooks."""

__version__ = "0.1.0"
