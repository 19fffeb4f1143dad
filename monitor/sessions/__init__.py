"""What a call leaves behind: one SQLite file with its utterances, decisions and cues."""
