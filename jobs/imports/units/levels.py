"""What a list may call a unit's level: the campaign's own words, or "Xã", "Phường" … by what its units are called."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from jobs.imports.tables.vocabulary import NUMBERED_GROUP
from jobs.imports.units.names import ABBREVIATIONS, LEVEL_WORDS, parsed
from jobs.imports.words import folded, heading
from targets.values import Campaign, Level, Text, Unit

TIERS = (("tinh",), ("huyen", "quan", "thi xa", "thanh pho"), ("xa", "phuong", "thi tran", "dac khu"))
"""Words that name units of one rank: where a campaign knows one of them, it means the others too."""
DISTRICTS, COMMUNES = TIERS[1][0], TIERS[2][0]
"""A word for each of the two ranks below the province."""


def names_of(key: str, *texts: Text | None) -> set[str]:
    """How something with a key and names may be called in a cell."""
    return {
        heading(key),
        *(heading(NUMBERED_GROUP.sub("", name)) for text in texts if text for name in (text.vi, text.en)),
    }


def level_names(campaign: Campaign) -> dict[str, str]:
    """What a cell may call a level → its key."""

    def names(level: Level) -> set[str]:
        return names_of(level.key, level.name, level.group)

    return {name: level.key for level in campaign.levels for name in names(level)}


class LevelWords:
    """Level words of a campaign, from its levels' names and its units'."""

    def __init__(self, campaign: Campaign, units: Sequence[Unit]) -> None:
        self._names = level_names(campaign)
        self._top = campaign.levels[0].key
        self._root = next((parsed(unit.name).rest for unit in units if unit.code == campaign.province), "")
        self._of_units = _by_word((parsed(unit.name).level, unit.level) for unit in units)
        self._of_names = _by_word(
            (word, level.key)
            for level in campaign.levels
            for name in names_of(level.key, level.name, level.group)
            for word in _words_in(name)
        )

    @property
    def known(self) -> str:
        """The campaign's levels, for a sentence."""
        return ", ".join(dict.fromkeys(self._names.values()))

    def level(self, words: str, *, name: str = "") -> str | None:
        """The level that a cell names, or where it is empty the name's own word; None for one that is not known."""
        phrase = heading(words)
        if phrase in self._names:
            return self._names[phrase]
        word = ABBREVIATIONS.get(phrase, phrase) if phrase else parsed(name).level
        return self._of_word(word, name) if word in LEVEL_WORDS else None

    def _of_word(self, word: str, name: str) -> str | None:
        """A word of the province's own rank ("thành phố") means the province by its name alone."""
        if word == TIERS[0][0] or (self._root and parsed(name).rest == self._root and word == "thanh pho"):
            return self._top
        tier = next(tier for tier in TIERS if word in tier)
        for words in ((word,), tier):
            for known in (self._of_units, self._of_names):
                levels = {level for one in words for level in known[one]} - {self._top}
                if len(levels) == 1:
                    return levels.pop()
        return None


def _by_word(pairs: Iterable[tuple[str, str]]) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for word, level in pairs:
        found[word].add(level)
    return found


def _words_in(name: str) -> Iterator[str]:
    """The level words of a name: "xã, phường, thị trấn" holds three."""
    left = f" {folded(name)} "
    for word in sorted(LEVEL_WORDS, key=len, reverse=True):
        if f" {word} " in left:
            left = left.replace(f" {word} ", "  ")
            yield word
