"""The look: the page it is changed on, what browsers fetch of it, and what makes the platform installable."""

from app.branding.views import files, install, look
from app.branding.views.blueprint import bp
from app.branding.views.files import brand_sheet, logo_src
from app.branding.views.install import icon_src

__all__ = ["bp", "brand_sheet", "files", "icon_src", "install", "logo_src", "look"]
