"""The gallery shows the pictures that there are, each of them once, and every state that was promised."""

from tests.browser.screenshots import MOST, PICTURES, SCENES, gallery

DRAWN = [picture.name for scene in SCENES for picture in scene.pictures]


def test_gallery_tells_what_is_drawn():
    shown = (PICTURES / "README.md").read_text(encoding="utf-8")

    assert shown == gallery()


def test_every_picture_is_drawn_by_the_script_and_small():
    sizes = {file.stem: file.stat().st_size for file in PICTURES.glob("*.png")}

    assert sorted(sizes) == sorted(DRAWN)
    assert {name: size for name, size in sizes.items() if size > MOST} == {}
