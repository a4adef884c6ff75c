"""The office: where administrators find everything they look after. A door; the work is in other packages."""
