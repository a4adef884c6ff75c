"""Topics: what something is about (Handlungsfeld), each with a hue for its covers and the UN goals it serves."""
