"""The entry point for servers and for `flask --app wsgi`."""

import os
import sys

from app.config import Settings, SettingsError
from app.factory import create_app

try:
    settings = Settings.from_env(os.environ)
except SettingsError as error:
    sys.exit(f"Settings: {error}")
app = create_app(settings)
