"""monitor tells work from personal talk on the user's own calls, on their own machine."""

__version__ = "0.1.0"
