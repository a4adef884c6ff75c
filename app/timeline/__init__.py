"""The timeline: what happened on the platform, newest first, told from the recorded activities."""
