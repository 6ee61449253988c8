"""The grammar of a unit's name and code, identity codes written backwards too; and the names of other provinces."""

import re
from dataclasses import dataclass
from typing import Final

from jobs.imports.words import folded, spelt

COMMITTEES = (("ubnd",), ("uy", "ban", "nhan", "dan"))
LEVEL_WORDS = {
    "thanh pho": ("thanh", "pho"),
    "thi xa": ("thi", "xa"),
    "thi tran": ("thi", "tran"),
    "dac khu": ("dac", "khu"),
    "huyen": ("huyen",),
    "quan": ("quan",),
    "phuong": ("phuong",),
    "xa": ("xa",),
    "tinh": ("tinh",),
}
ABBREVIATIONS = {
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "h": "huyen",
    "q": "quan",
    "p": "phuong",
    "x": "xa",
}
MOST_TAKEN_OFF = max(map(len, COMMITTEES)) + max(map(len, LEVEL_WORDS.values()))
"""Words before a unit's name at most: of the committee, and of its level."""
_REVERSED_IDENTITY = re.compile(r"[0-9]{3}(\.[0-9]{2}){1,3}\.[gh][0-9]{2}|[0-9]{2,3}(\.[0-9]{2,3}){2}\.[gh][0-9]{2}")


@dataclass(frozen=True)
class Name:
    """A name taken apart: the word for its level (without marks, "" where none) and the rest (with marks)."""

    level: str
    rest: str
    is_unmarked: bool = False
    """Its words for committee or level are written without marks: then the rest may be too."""


def parsed(name: str) -> Name:
    """Takes the committee's words and the word for the level off a name, abbreviations included."""
    words = spelt(name).split()
    # A cell may hold a page of text: only its first words can be those taken off.
    plain = [folded(word) for word in words[:MOST_TAKEN_OFF]]
    is_unmarked = False
    for committee in COMMITTEES:
        if tuple(plain[: len(committee)]) == committee:
            is_unmarked = len(committee) > len(("ubnd",)) and words[: len(committee)] == plain[: len(committee)]
            words, plain = words[len(committee) :], plain[len(committee) :]
            break
    if len(words) > 1 and plain[0] in ABBREVIATIONS:
        return Name(ABBREVIATIONS[plain[0]], " ".join(words[1:]), is_unmarked)
    for level, level_words in LEVEL_WORDS.items():
        count = len(level_words)
        if tuple(plain[:count]) == level_words:
            return Name(level, " ".join(words[count:]), is_unmarked or words[:count] == plain[:count])
    return Name("", " ".join(words), is_unmarked)


def normal_code(code: str) -> str:
    """A code for comparison: 000.00.58.H21, which counts from the unit up, becomes h21.58."""
    text = "".join(code.split()).casefold()
    if not _REVERSED_IDENTITY.fullmatch(text):
        return text
    parts = text.split(".")[::-1]
    while len(parts) > 1 and not parts[-1].strip("0"):
        parts.pop()
    return ".".join(parts)


PROVINCE_NAMES: Final = (
    "An Giang", "Bà Rịa - Vũng Tàu", "Bà Rịa Vũng Tàu", "Bắc Giang", "Bắc Kạn", "Bạc Liêu", "Bắc Ninh", "Bến Tre",
    "Bình Định", "Bình Dương", "Bình Phước", "Bình Thuận", "Cà Mau", "Cần Thơ", "Cao Bằng", "Đà Nẵng", "Đắk Lắk",
    "Đắk Nông", "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang", "Hà Nam", "Hà Nội", "Hà Tĩnh",
    "Hải Dương", "Hải Phòng", "Hậu Giang", "Hồ Chí Minh", "Hòa Bình", "Hưng Yên", "Khánh Hòa", "Kiên Giang", "Kon Tum",
    "Lai Châu", "Lâm Đồng", "Lạng Sơn", "Lào Cai", "Long An", "Nam Định", "Nghệ An", "Ninh Bình", "Ninh Thuận",
    "Phú Thọ", "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sóc Trăng", "Sơn La",
    "Tây Ninh", "Thái Bình", "Thái Nguyên", "Thanh Hóa", "Thừa Thiên Huế", "Thừa Thiên - Huế", "Huế", "Tiền Giang",
    "Trà Vinh", "Tuyên Quang", "Vĩnh Long", "Vĩnh Phúc", "Yên Bái", "HCM",
)  # fmt: skip
CENTRAL_NAMES: Final = (
    "Bộ Công an", "Bộ Công Thương", "Bộ Dân tộc và Tôn giáo", "Bộ Giáo dục và Đào tạo", "Bộ Giao thông vận tải",
    "Bộ Kế hoạch và Đầu tư", "Bộ Khoa học và Công nghệ", "Bộ Lao động - Thương binh và Xã hội", "Bộ Ngoại giao",
    "Bộ Nội vụ", "Bộ Nông nghiệp và Môi trường", "Bộ Nông nghiệp và Phát triển nông thôn", "Bộ Quốc phòng",
    "Bộ Tài chính", "Bộ Tài nguyên và Môi trường", "Bộ Thông tin và Truyền thông", "Bộ Tư pháp",
    "Bộ Văn hóa, Thể thao và Du lịch", "Bộ Xây dựng", "Bộ Y tế", "Ủy ban Dân tộc", "Thanh tra Chính phủ",
    "Văn phòng Chính phủ", "Ngân hàng Nhà nước Việt Nam", "Ngân hàng Chính sách xã hội",
    "Ngân hàng Phát triển Việt Nam", "Bảo hiểm xã hội Việt Nam", "Tập đoàn Điện lực Việt Nam",
)  # fmt: skip
CENTRAL: Final = frozenset(folded(name) for name in CENTRAL_NAMES)
PROVINCES: Final = frozenset(folded(name) for name in PROVINCE_NAMES)
"""Without marks, as names are compared most leniently."""
MANY_PROVINCES: Final = 10
"""A table that names so many other provinces is a national one: there a province's bare name is no unit of ours."""
