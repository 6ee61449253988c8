"""The explaining sheet of a template: what each column holds and how to write it, in the words of the office."""

from collections.abc import Iterator, Sequence

from jobs.imports.values import Kind

NAME = "Hướng dẫn"
FOLDED_NAME = "huong dan"
"""The sheet's name without marks: it is known to hold no figures."""
PURPOSES: dict[Kind, str] = {
    "readings": "Số liệu thực hiện các chỉ số, mỗi dòng một đơn vị và một chỉ số. Dòng để trống không được ghi nhận.",
    "baselines": "Kết quả năm trước chiến dịch, mỗi dòng một đơn vị và một chỉ số.",
    "central": "Chỉ tiêu Trung ương, mỗi dòng một chỉ số và một năm.",
    "targets": "Chỉ tiêu giao theo văn bản, mỗi dòng một đơn vị, một chỉ số và một giai đoạn.",
    "scores": "Điểm và thứ hạng chính thức (Cổng Dịch vụ công quốc gia), mỗi dòng một đơn vị. Điểm không phải tỷ lệ.",
    "units": "Danh mục đơn vị, mỗi dòng một đơn vị. Mã đơn vị không thay đổi.",
    "tasks": "Nhiệm vụ theo kế hoạch hoặc kết quả kiểm tra, mỗi dòng một đơn vị và một việc. Dòng để trống không ghi.",
}
MEANINGS: dict[str, str] = {
    "Mã đơn vị": "Mã của đơn vị trong chiến dịch, mã định danh (H01.23) hoặc mã GSO. Có mã thì không cần tên.",
    "Đơn vị": "Tên đơn vị như trong danh mục. Có thể bỏ trống nếu đã có mã.",
    "Trực thuộc": "Đơn vị cấp trên, cần khi có hai đơn vị trùng tên.",
    "Chỉ số": "Chọn một chỉ số trong danh sách.",
    "Tính đến ngày": "Ngày mà số liệu phản ánh, ghi ngày/tháng/năm. Bỏ trống nếu chọn ngày chung cho cả tệp khi nhập.",
    "Tử số": "Số nguyên, ví dụ 27503. Không có thì ghi 0; chưa có số liệu thì để trống; hoặc ghi “không phát sinh”.",
    "Mẫu số": "Số nguyên, không nhỏ hơn tử số. Ghi 0 khi không phát sinh.",
    "Tỷ lệ (%)": "Ví dụ 41,6%. Có thể bỏ trống nếu đã ghi tử số và mẫu số; nếu ghi cả hai thì tử số, mẫu số được dùng.",
    "Phạm vi": "“riêng đơn vị” hoặc “gồm cả đơn vị trực thuộc”. Bỏ trống thì lấy theo cấp của đơn vị.",
    "Kỳ": "Kỳ của điểm: tháng 10/2025, quý III/2025, năm 2025. Bỏ trống nếu ghi trên tiêu đề.",
    "Năm": "Bốn chữ số, ví dụ 2023.",
    "Cấp": "Cấp của đơn vị; ở chỉ tiêu Trung ương, bỏ trống nghĩa là mọi cấp.",
    "Văn bản": "Số, ký hiệu văn bản, ví dụ 12/KH-UBND.",
    "Ngày văn bản": "Ngày ban hành, ghi ngày/tháng/năm.",
    "Giai đoạn": "Chọn một giai đoạn trong danh sách.",
    "Chỉ tiêu được giao (%)": "Một con số chính xác, ví dụ 72,37%.",
    "Tổng điểm": "Tổng điểm như công bố; không tính lại.",
    "Xếp hạng": "Thứ hạng như công bố, ví dụ 9.",
    "Tổng số đơn vị": "Xếp hạng trên bao nhiêu đơn vị, ví dụ 17.",
    "Số nhiệm vụ": "Số thứ tự của nhiệm vụ trong kế hoạch, ví dụ 12; nhờ đó nhập lại tệp không ghi trùng.",
    "Nhiệm vụ": "Việc cần làm, bằng một câu.",
    "Người thực hiện": "Người hoặc bộ phận thực hiện.",
    "Thời hạn": "Ngày phải xong, ghi ngày/tháng/năm.",
    "Kết quả kiểm tra": "Tồn tại mà đợt kiểm tra nêu; bỏ trống nếu là nhiệm vụ theo kế hoạch.",
    "Ghi chú": "Nguồn số liệu hoặc điều cần lưu ý.",
    "Tên đơn vị": "Tên đầy đủ, như trong văn bản.",
    "Mã đơn vị cấp trên": "Mã của đơn vị cấp trên; chỉ đơn vị cao nhất để trống.",
    "Tên khác": "Các cách gọi khác, ngăn bằng dấu chấm phẩy.",
    "Mã GSO": "Mã đơn vị hành chính của Tổng cục Thống kê.",
    "Mã định danh": "Mã định danh điện tử, ví dụ H01.23.",
    "Chức vụ": "Chức vụ của người đứng đầu.",
    "Người đứng đầu": "Họ và tên.",
    "Điện thoại": "Số điện thoại công vụ.",
    "Hiệu lực từ": "Ngày đơn vị bắt đầu tồn tại; bỏ trống nếu từ trước chiến dịch.",
    "Hiệu lực đến": "Ngày cuối cùng của đơn vị khi sáp nhập, giải thể.",
    "Đơn vị kế thừa": "Mã đơn vị tiếp nhận khi sáp nhập.",
}
POINTS = "Điểm như công bố, ví dụ 17,96."
RULES: tuple[tuple[str, str], ...] = (
    (
        "Cách ghi số",
        "Số lượng: 27503 hoặc 27.503. Tỷ lệ: 41,6% hoặc 41.6. “Xấp xỉ”, “trên”, “gần” được hiểu là mức ước.",
    ),
    ("Cách ghi ngày", "Ngày trước, tháng sau, năm bốn chữ số: 10/05/2024."),
    ("Dòng tổng cộng", "Được bỏ qua; không cần xóa."),
)


def explanations(kind: Kind, headings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What stands on the sheet, line by line: a name and its meaning."""
    yield "Nội dung", PURPOSES[kind]
    for heading in headings:
        yield f"Cột “{heading}”", MEANINGS.get(heading, POINTS)
    yield from RULES
