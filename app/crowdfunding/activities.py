"""Facts about campaigns."""

from dataclasses import dataclass

from app.kit.i18n import lazy_gettext as _l
from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class CampaignLinked(
    Activity,
    name="campaign_linked",
    public=True,
    colour="campaign",
    icon="hand-coins",
    step=_l("Crowdfunding"),
    sentence=_l("hat ein Crowdfunding verlinkt"),
):
    """A project has a campaign."""

    project_id: int
    platform: str

    @property
    def why(self) -> str:
        return self.platform


@dataclass(frozen=True, kw_only=True)
class CampaignUpdated(Activity, name="campaign_updated"):
    """New figures of a campaign were entered."""

    raised_cents: int
    backers_count: int
