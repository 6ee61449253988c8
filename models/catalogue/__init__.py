"""The campaign as files: one folder, read and checked as a whole.

`load_campaign_files` either returns everything or raises one `CampaignFilesError` that names every mistake.
"""

from models.campaign.as_json import campaign_from_json, campaign_to_json
from models.catalogue.folder import find_campaign_folder, load_campaign_files, load_campaign_texts, read_texts
from models.catalogue.records import CampaignFiles

__all__ = [
    "CampaignFiles",
    "campaign_from_json",
    "campaign_to_json",
    "find_campaign_folder",
    "load_campaign_files",
    "load_campaign_texts",
    "read_texts",
]
