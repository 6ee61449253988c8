"""A campaign as JSON, as the store keeps it: decimals as strings, dates as 2024-03-22, exact both ways."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from targets.errors import StoreNotReady
from targets.values import Campaign

_CAMPAIGN = TypeAdapter(Campaign)


def campaign_to_json(campaign: Campaign) -> dict[str, Any]:
    content: dict[str, Any] = _CAMPAIGN.dump_python(campaign, mode="json")
    return content


def campaign_from_json(content: dict[str, Any]) -> Campaign:
    """The campaign back from `campaign_to_json`; refused where it was written by a program too old or too new."""
    try:
        return _CAMPAIGN.validate_python(content)
    except ValidationError as error:
        places = ", ".join(sorted({".".join(map(str, mistake["loc"])) for mistake in error.errors()}))
        raise StoreNotReady(
            f"The campaign kept in the store does not fit this version of the program (at {places})."
            " Load its files again: python -m jobs init.",
            code="other_layout",
            places=str(places),
        ) from error
