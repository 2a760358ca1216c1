"""Rules as code for public venture money: screen, score and explain companies against a published plan."""

__version__ = "0.1.0"
