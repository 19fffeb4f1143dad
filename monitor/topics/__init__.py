"""Tells work from personal talk, utterance by utterance."""
