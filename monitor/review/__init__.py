"""What the user sees after a call: where the time went, and whether the cues helped."""
