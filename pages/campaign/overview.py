"""Tổng quan: the sentence, who has to be pressed, the province's indicators, where units stand, and who moved."""

import streamlit as st

from models.texts import text
from pages.campaign.overview_units import draw_freshness, draw_movers, draw_pressed, draw_standings
from pages.parts import answers, overview_sentences, session
from pages.parts.layout import FOCUS_COLUMNS, HEADER_COLUMNS, LINE_COLUMNS
from pages.parts.markdown import marked, plain
from pages.parts.page import Page, Visit
from pages.parts.views import LineView, OverviewView
