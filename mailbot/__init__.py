"""The mail door: collect, handle, deliver."""
