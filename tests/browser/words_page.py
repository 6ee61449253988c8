"""A page of Streamlit's alone: what is typed, in each of the ways in which our pages show a person's words."""

import json
import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from pages.kit.markdown import plain

for number, words in enumerate(json.loads(st.text_area("words") or "[]")):
    shown = plain(words)
    for way, show in {
        "paragraph": st.markdown,
        "title": lambda said: st.title(said, anchor=False),
        "caption": st.caption,
        "notice": st.info,
        "sentence": lambda said: st.markdown(f"**{said}** :small[{said}]"),
    }.items():
        with st.container(key=f"{way}-{number}"):
            show(shown)
    with st.container(key=f"button-{number}"):
        st.button(shown, key=f"press-{number}")
    with st.container(key=f"choice-{number}"):
        st.radio("choice", [0], format_func=lambda _, said=shown: said, captions=[shown], key=f"choose-{number}")
    with st.container(key=f"cell-{number}"):
        st.table([{"words": shown}], hide_index=True)
st.text("all shown")
