"""What may be wrong with values that are there, worked out after they were written."""
