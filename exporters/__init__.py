"""One file per channel. Drop a file in here and it is found, tested, drawn and documented."""
