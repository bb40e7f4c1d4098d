"""The front door: the pages, the HTTP routes beside them, security headers and start-up."""

import streamlit as st
from starlette.middleware import Middleware

from core import start
from pages.http.addresses import KnownAddresses
from pages.http.headers import SecurityHeaders
from pages.http.routes import ROUTES

start.check()

app = st.App("pages/frame.py", routes=ROUTES, middleware=[Middleware(SecurityHeaders), Middleware(KnownAddresses)])
