"""Starting the platform: on one machine for trying out, on several in production."""
