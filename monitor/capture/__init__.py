"""Where sound comes from: audio files, the microphone and the loopback of the speakers."""
