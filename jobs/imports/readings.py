"""Rows of rates as checked batches of readings, a block of rows at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from jobs.imports.checks import Seen, Told, TotalRow, WholeFile, packed_key
from jobs.imports.columns import QUALIFIERS, Bools, Distinct, FigureReaders, Whole
from jobs.imports.headers import Headings
from jobs.imports.layout import FigureGroup, OpenedSheet
from jobs.imports.ledger import Ledger
from jobs.imports.problems import Notice, problem
from jobs.imports.rates import Rates, read_rates
from jobs.imports.rows import UnitRows
from jobs.imports.sheets import Block, Row, shown
from jobs.imports.units import UnitMatcher
from jobs.imports.values import ImportContext, Progress, ReadingBatch, RejectedRow, place_of
from jobs.imports.vocabulary import QUALIFIERS as QUALIFIER_WORDS
from jobs.imports.vocabulary import SCOPES
from jobs.imports.words import heading
from models.columns import day_number, day_of
from targets.errors import FigureProblem
from targets.figures import Cell, day_in

CELLS_A_BLOCK = 150_000
"""Figures held at once: what a block of rows costs in memory."""
SEVERAL, NONE = -1, -2
ALWAYS, NEVER = -(10**7), 10**7
"""Days that stand for "since ever" and "for ever"."""
