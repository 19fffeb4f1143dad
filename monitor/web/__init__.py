"""The local page: sessions to look through and correct, trends, and the live view of a running call."""
