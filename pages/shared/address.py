"""What is chosen on a page stands in its address, in short codes: the page can be shared, and «back» brings it back.

Streamlit's own binding would write labels there (in the reader's language, with counts that change), and puts a false
step in the browser's history when somebody goes on to another page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

_TOLD = "_address"


@dataclass(frozen=True, slots=True)
class Choice:
    """How one choice is written: a code for each value; `empty` is the value that the address leaves out.

    `value_of` gives the value of a code, or raises ValueError or KeyError.
    """

    value_of: Callable[[str], Any] = str
    empty: Any = None
    is_list: bool = False
    code_of: Callable[[Any], str] = str

    def read(self, texts: list[str]) -> Any:
        """The value that stands in an address; a code that means nothing is passed over."""
        found = []
        for text in texts:
            try:
                found.append(self.value_of(text))
            except (ValueError, KeyError):
                continue
        return found if self.is_list else found[0] if found else self.empty

    def write(self, value: Any) -> list[str]:
        """The codes of a value."""
        values = value or [] if self.is_list else [] if value in (None, self.empty) else [value]
        return [self.code_of(each) for each in values]


Choices = Mapping[str, Choice]


def adopt(choices: Choices) -> bool:
    """Take over what the address asks for, unless this page itself has just put it there; whether it did.

    To be called before the widgets; each choice is the widget of that key.
    """
    asked = {name: st.query_params.get_all(name) for name in choices if name in st.query_params}
    told, is_new = st.session_state.get(_TOLD), any(name not in st.session_state for name in choices)
    if is_new or asked != told:
        for name, choice in choices.items():
            st.session_state[name] = choice.read(asked.get(name, []))
        return True
    return False


def tell(choices: Choices) -> dict[str, list[str]]:
    """Put what is chosen now in the address, and return it. After the widgets."""
    chosen = {name: choice.write(st.session_state.get(name)) for name, choice in choices.items()}
    told = {name: codes for name, codes in chosen.items() if codes}
    if told != {name: st.query_params.get_all(name) for name in choices if name in st.query_params}:
        st.query_params.from_dict(told)
    st.session_state[_TOLD] = told
    return told
