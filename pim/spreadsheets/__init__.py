"""Products out into a spreadsheet, and what was changed there back in."""
