"""How columns, totals and groups are called in the files of offices: Vietnamese and English, without marks.

Every phrase stands here in the form that `words.heading` gives: small letters, no marks, no punctuation, no brackets.
"""

import re
from collections.abc import Iterator
from typing import Final

from jobs.imports.words import heading
from models.catalogue.problems import Problems
from models.readings.records import NOTES
from targets.values import Campaign, Indicator, Scope, Text

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "serial": ("stt", "tt", "so tt", "so thu tu", "no", "number", "#"),
    "unit": (
        "don vi", "ten don vi", "co quan", "ten co quan", "co quan don vi", "don vi co quan", "dia phuong",
        "ten dia phuong", "co quan don vi dia phuong", "don vi dia phuong", "don vi bao cao", "so ban nganh",
        "xa phuong thi tran", "ten xa", "xa", "phuong xa", "xa phuong", "ten phuong xa", "ten xa phuong", "ward name",
        "wardname", "commune name", "communename", "huyen thi xa thanh pho", "unit", "unit name", "name", "agency",
        "ten coquan", "ten",
    ),
    "code": ("ma don vi", "ma", "ma co quan", "unit code", "code", "ma coquan", "ma so", "agency code"),
    "identity_code": ("ma dinh danh", "identity code", "ma dinh danh dien tu"),
    "gso_code": ("ma gso", "gso code", "ma don vi hanh chinh", "ma dvhc", "ma hanh chinh", "ma tctk",
        "ma px", "ma xa", "ma phuong xa", "ma xa phuong", "ward code", "wardcode", "commune code", "communecode"),
    "district": (
        "huyen", "thuoc huyen", "quan huyen", "huyen thi xa", "dia ban", "district", "thuoc dia ban",
        "thuoc", "truc thuoc", "parent name", "ten huyen", "ten quan huyen", "district name", "districtname",
    ),
    "province": (
        "tinh", "tinh thanh pho", "tinh tp", "ten tinh", "ten tinh thanh pho", "thuoc tinh", "province",
        "province name", "provincename",
    ),
    "district_code": ("ma qh", "ma huyen", "ma quan huyen", "district code", "districtcode"),
    "province_code": ("ma tp", "ma tinh", "ma tinh thanh pho", "province code", "provincecode"),
    "parent": ("ma don vi cap tren", "don vi cap tren", "cap tren", "parent", "parent code"),
    "indicator": ("chi so", "ten chi so", "indicator", "nhom chi so", "ma chi so"),
    "as_of": (
        "ngay", "tinh den ngay", "so lieu tinh den ngay", "ngay so lieu", "thoi diem", "as of", "date", "den ngay",
        "tinh den", "ngay bao cao",
    ),
    "numerator": ("tu so", "numerator"),
    "denominator": ("mau so", "denominator"),
    "counts": ("tu so mau so", "tu mau", "tu so tren mau so", "numerator denominator", "counts"),
    "value": (
        "ty le", "ti le", "ty le %", "ti le %", "value", "rate", "percent", "%", "ty le dat", "ti le dat",
        "ket qua dat", "ket qua dat %",
    ),
    "rate": ("gia tri", "ket qua"),
    "target": (
        "chi tieu", "chi tieu duoc giao", "chi tieu giao", "muc giao", "chi tieu dang ky", "chi tieu trung uong",
        "target",
    ),
    "judgement": ("danh gia", "ket luan", "nhan xet", "xep loai", "assessment"),
    "qualifier": ("qualifier", "muc do chinh xac"),
    "scope": ("pham vi", "pham vi so lieu", "scope"),
    "year": ("nam", "year"),
    "period": ("ky", "ky bao cao", "ky danh gia", "ky so lieu", "ky cham diem", "thoi ky", "period"),
    "month": ("thang", "month"),
    "quarter": ("quy", "quarter"),
    "phase": ("giai doan", "phase", "moc"),
    "document": (
        "van ban", "so van ban", "so hieu van ban", "so ky hieu van ban", "so ky hieu", "quyet dinh", "document",
        "document number",
    ),
    "document_date": ("ngay van ban", "ngay ban hanh", "ngay ky", "document date"),
    "level": ("cap", "level", "cap don vi"),
    "note": ("ghi chu", "note", "notes"),
    "quotation": ("trich dan", "cau trich", "trich nguyen van", "quotation", "quote"),
    "source": ("nguon", "nguon so lieu", "source", "source note"),
    "points": ("diem", "diem so", "points", "score"),
    "total": ("tong diem", "tong score", "total score", "tong so diem", "diem tong"),
    "max_points": ("diem toi da", "max points", "max score"),
    "rank": ("xep hang", "hang", "thu hang", "vi tri", "rank", "row stt"),
    "rank_of": ("tong so don vi", "tren tong so", "rank of"),
    "aliases": ("ten khac", "ten goi khac", "aliases"),
    "head_title": ("chuc vu", "chuc danh", "head title"),
    "head_name": ("nguoi dung dau", "ho va ten", "ho ten", "head name"),
    "head_phone": ("dien thoai", "so dien thoai", "head phone"),
    "valid_from": ("hieu luc tu", "tu ngay", "valid from"),
    "valid_to": ("hieu luc den", "valid to"),
    "successor": ("don vi ke thua", "successor", "sap nhap vao"),
    "received_all": ("tong hs", "tong ho so"),
    "received_online": ("nop truc tuyen",),
    "received_direct": ("nop truc tiep",),
    "received_old": ("ton ky truoc",),
    "handled": ("hoan thanh", "dang xu ly"),
    "task": (
        "nhiem vu", "ten nhiem vu", "noi dung nhiem vu", "viec can lam", "noi dung cong viec", "cong viec", "task",
        "what is to be done",
    ),
    "who": ("nguoi thuc hien", "bo phan thuc hien", "can bo phu trach", "nguoi phu trach", "chu tri", "who"),
    "due": ("thoi han", "han hoan thanh", "thoi han hoan thanh", "thoi gian hoan thanh", "due", "deadline"),
    "finding": ("ket qua kiem tra", "ton tai", "ton tai han che", "finding"),
    "task_number": ("so nhiem vu", "ma nhiem vu", "nhiem vu so", "task number"),
    "portal": ("id", "id coquan", "loai coquan", "capdonviid"),
}  # fmt: skip
"""Role of a column → its headings."""
ROLES: Final = {phrase: role for role, phrases in COLUMNS.items() for phrase in phrases}
PARTS: Final = ("numerator", "denominator", "counts", "value", "rate", "points", "target", "judgement")
"""Roles that can stand below an indicator's heading."""
BESIDE: Final = frozenset(("points", "target", "judgement", "other_time"))
"""Parts that are no figure of the indicator's rate."""
PART_NAMES: Final = {phrase: role for phrase, role in ROLES.items() if role in PARTS}
SILENT: Final = frozenset(("serial", *NOTES, "source", "portal", "received_all", "received_old", "handled"))
"""Columns that carry no figure and need no remark when they are left out."""
OFFICIAL: Final = frozenset(("ten coquan", "ma coquan", "tong score", "row stt", "loai coquan", "capdonviid"))
"""Headings that only the national portal's table of points has."""
_NOUN: Final = (
    r"(?:ho so|hs|phieu|luot|thu tuc|tthc|truong hop|giao dich"
    r"|cases?|dossiers?|procedures?|ratings?|applications?|payments?)"
)
NOUN: Final = re.compile(rf"^{_NOUN}\b")
"""What is counted; alone it does not say which of it."""
SAYS_PERCENT: Final = re.compile(r"%|\b(?:ty le|ti le|phan tram|ket qua dat|muc dat|rate|percent|percentage)\b")
SAYS_COUNT: Final = re.compile(
    rf"\b(?:so|tong)(?: luong| luot)? {_NOUN}\b|\bso luong\b|\bluot\b|\btong so\b|^number of\b"
)
COUNTED: Final = re.compile(r"^(?:so luong|so luot|so|tong so|tong|number of) ")
"""What makes a count of the name behind it: "Số hồ sơ trực tuyến"."""
TOTAL_COUNT: Final = re.compile(rf"^(?:tong|tong so|tong cong|cong|total)(?: {_NOUN}\b.*)?$")
"""A column of all cases, whatever is counted."""
MEASURE: Final = re.compile(rf"\b(?:don vi tinh|dvt) (?P<what>%|phan tram|{_NOUN}\b)")
"""A line above a table that says what its figures are measured in."""

LIMITED: Final = re.compile(r"(?:chua|khong|so voi|tre)\b")
"""How brackets begin that say what is counted: "(chưa gồm cấp xã)"."""
TARGETS_SAID: Final = re.compile(r"^(?:chi tieu|muc tieu|ke hoach|targets?|plan(?:ned)?)\b(?! (?:so )?[0-9]+ [a-z])")
"""What heads columns of targets, above the names of indicators or in brackets behind them."""
OTHER_SAID: Final = re.compile(
    r"\b(?:ky|tuan|thang|quy) truoc\b|\btang giam\b|\bchenh lech\b|\bso voi\b|^(?:du kien|uoc)\b"
    r"|^(?:ty le )?(?:chua|khong|qua han|tre)\b|\bprevious\b|\blast (?:week|month|quarter)\b"
)
"""What heads columns of another time, of differences, or of what was not done."""
YEAR_SAID: Final = re.compile(r"\b(?:nam|year) (?P<year>20[0-9]{2})\b|\bnam truoc\b|\bcung ky\b|\blast year\b")
"""What heads columns of a year: results of another one are no readings."""
THOUSANDS_SAID: Final = re.compile(
    r"(?:\(|\bdon vi(?: tinh)?\b|\bdvt\b)[ :(]*(?:tram|nghin|ngan|trieu|thousands?|1\.?000)\b"
    r"(?! (?:nguoi|dong|dan|ha|km))"
)
"""Counts that are given in thousands or the like: read as they stand they would be a thousand times too small."""
PLAN_SAID: Final = re.compile(
    r"\b(?:giao|phan bo|phan khai|dang ky) (?:cac )?(?:chi tieu|muc tieu|ke hoach)\b|\bbang chi tieu\b|\bdu kien\b"
)
DONE_SAID: Final = re.compile(r"\b(?:ket qua|thuc hien|results?)\b")
"""What a title says of figures that are planned, and of those that came about."""
OTHER_MATTER: Final = re.compile(
    r"\b(?:ky|tuan|thang|quy|nam) (?:truoc|sau)\b|\bcung ky\b|\bluy ke\b|\bnam 20[0-9]{2}\b"
    r"|^(?:[0-9ivx]+ )?(?:chi tieu|ke hoach|muc tieu|du kien|uoc)\b|^(?:[0-9ivx]+ )?(?:targets?|plan|previous|last)\b"
)
"""A line between rows of units after which figures are of another time, or no results."""

TOTALS: Final = re.compile(
    r"^(tong|cong|tong cong|tong so|tong hop|total|grand total|sum|toan tinh|ca tinh"
    r"|binh quan|trung binh|binh quan chung)$"
    r"|^(tong|cong|tong cong|tong so|binh quan|trung binh) (toan|khoi|cap|nhom|cac|chung|i{1,3}|iv|v|[abc])\b"
)
GROUPS: Final = frozenset(
    (
        "so ban nganh", "cac so ban nganh", "so nganh", "khoi so nganh", "khoi so ban nganh", "cap so",
        "cap tinh", "cap huyen", "cap xa", "ubnd cap huyen", "ubnd cap xa", "cac huyen thi xa thanh pho",
        "huyen thi xa thanh pho", "ubnd cac huyen thi xa thanh pho", "xa phuong thi tran", "cac xa phuong thi tran",
        "departments", "districts", "communes", "province",
    )
)  # fmt: skip
GROUP_NUMBER: Final = re.compile(r"^(?:(?=[ivxl])x{0,3}(?:ix|iv|v?i{0,3})|[a-h])$")
"""I, II … or A, B …, in small letters."""
NUMBERED_GROUP: Final = re.compile(r"^\s*((?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})|[A-H])\s*[.)/\-:]\s*(?=\S)")
"""A group's number in front of its name: "I. Sở, ban, ngành"."""
COLUMN_NUMBER: Final = re.compile(r"^\(?\s*(?:[0-9]{1,2}|[A-Za-z])\s*\)?\s*(?:=.*)?$")
"""What stands in the row of numbers below a header: (1), (2), (3)=(1)/(2), A."""

SCOPES: Final[dict[str, Scope]] = {
    "own": "own", "rieng": "own", "rieng don vi": "own", "chi rieng": "own", "chi rieng don vi": "own",
    "below": "below", "gom cap duoi": "below", "bao gom cap duoi": "below", "gom ca cap duoi": "below",
    "ca cap duoi": "below", "gom ca don vi truc thuoc": "below", "bao gom don vi truc thuoc": "below",
}  # fmt: skip
QUALIFIERS: Final = {
    "about": "about", "xap xi": "about", "khoang": "about", "over": "over", "tren": "over", "more": "more",
    "hon": "more", "under": "under", "gan": "under", "less": "less", "duoi": "less",
}  # fmt: skip


OF_DOSSIERS = frozenset(("received_all", "received_online", "received_direct", "received_old", "handled"))
"""Headings of the one-stop system's export: counts of dossiers themselves, so a count may be called like one."""


def check_headings(campaign: Campaign) -> None:
    """Refuse an indicator called like a column of another sort: its figures would be read as units, days or remarks.

    Raises CampaignFilesError naming every such name.
    """
    problems = Problems()
    for indicator in campaign.indicators:
        for key, name in _names(indicator):
            if ROLES.get(heading(name), "") not in ("", *OF_DOSSIERS):
                problem = f"is “{name}”, which heads another column in files of figures; choose another name."
                file = f"indicators/{indicator.key}.toml"
                problems.add(file, key, problem=problem, code="name_reserved", name=name)
    problems.refuse_if_any()


def _names(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """What a heading may call the indicator or its counts, with the key in its file that says so."""
    texts: dict[str, Text] = {
        "name": indicator.name,
        "short_name": indicator.short_name,
        **indicator.named_cases,
    }
    yield from (("key", indicator.key), ("portal_column", indicator.portal_column))  # an empty one heads nothing
    yield from (
        (f"{key}.{language}", reported.of(language)) for key, reported in texts.items() for language in ("vi", "en")
    )
    yield from (("aliases", alias) for alias in indicator.aliases)
