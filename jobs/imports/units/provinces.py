"""The provinces of the country and its ministries, to distinguish their rows in a national table from misspelt names.

Names of the 63 until 30/06/2025 and of the 34 since (Nghị quyết 202/2025/QH15), which are among them.
"""

from typing import Final

from jobs.imports.words import folded

NAMES: Final = (
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
PROVINCES: Final = frozenset(folded(name) for name in NAMES)
"""Without marks, as names are compared most leniently."""
MANY: Final = 10
"""A table that names so many other provinces is a national one: there a province's bare name is no unit of ours."""
