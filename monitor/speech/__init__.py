"""From sound to text: finds speech and transcribes it."""
