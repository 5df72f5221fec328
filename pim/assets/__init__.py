"""Assets as records: what the hub knows of a picture or document besides its file."""
