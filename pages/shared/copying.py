"""Values to copy with one touch: a button beside each, large enough for a thumb and always there.

Streamlit's own copy button only shows under a mouse. The script holds nothing but what the page says already.
"""

import json
from collections.abc import Sequence
from html import escape

import streamlit as st

from core.i18n import _

_ROW = (
    "display:flex;align-items:center;justify-content:space-between;gap:12px;padding:8px 0;"
    "border-bottom:1px solid #d7dee8"
)
_NAME, _VALUE = "color:#475467;font-size:0.875rem", "font-weight:600;font-size:1.0625rem;overflow-wrap:anywhere"
_BUTTON = (
    "flex:none;min-height:44px;min-width:96px;padding:0 14px;border:1px solid #1d4f91;border-radius:8px;"
    "background:#ffffff;color:#1d4f91;font:inherit;font-weight:600;cursor:pointer"
)


def values(key: str, rows: Sequence[tuple[str, str]]) -> None:
    """Names and values, one below the other, each with its button."""
    said = json.dumps([_("Copy this"), _("Copied")])
    parts = [
        f'<div style="{_ROW}"><div><div style="{_NAME}">{escape(name)}</div>'
        f'<div style="{_VALUE}" id="{key}_{place}">{escape(value)}</div>'
        f'</div><button type="button" style="{_BUTTON}" aria-label="{escape(_("Copy this"))}: {escape(name)}" '
        f'id="{key}_{place}_copy">{escape(_("Copy this"))}</button></div>'
        for place, (name, value) in enumerate(rows)
    ]
    script = f"""<script>
for (let place = 0; place < {len(rows)}; place++) {{
  const button = document.getElementById("{key}_" + place + "_copy"), text = document.getElementById("{key}_" + place);
  if (button) button.onclick = async () => {{
    try {{ await navigator.clipboard.writeText(text.textContent); button.textContent = {said}[1]; }}
    catch {{ getSelection().selectAllChildren(text); }}
    setTimeout(() => {{ button.textContent = {said}[0]; }}, 2000);
  }};
}}
</script>"""
    st.html("".join(parts) + script, unsafe_allow_javascript=True)
