"""The front door: what is open now, what is talked about, what became of ideas."""
