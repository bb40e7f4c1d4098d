"""The front door: the pages, the HTTP routes beside them, security headers and start-up."""

from importlib import import_module
from pkgutil import iter_modules

import streamlit as st
from starlette.middleware import Middleware

from core import start
from pages import shared
from pages.http.addresses import KnownAddresses
from pages.http.headers import SecurityHeaders
from pages.http.routes import ROUTES

start.check()
for module in iter_modules(shared.__path__):  # the first visitor of a page does not wait for its modules
    import_module(f"{shared.__name__}.{module.name}")
start.settle()

app = st.App("pages/frame.py", routes=ROUTES, middleware=[Middleware(SecurityHeaders), Middleware(KnownAddresses)])
