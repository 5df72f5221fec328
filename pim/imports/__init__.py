"""From a file on disk to rows, profiles and import runs."""
