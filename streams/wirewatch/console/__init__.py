"""The page, the feeds and the JSON that a person or a machine reads over HTTP."""
