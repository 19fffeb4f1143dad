"""The one kind of error that a user is meant to read."""


class MonitorError(Exception):
    """Something that the user can mend.

    Its text is one line that says what is wrong and what to do. The command line prints it and exits with status 2.
    """
