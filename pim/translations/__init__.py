"""The interface's sentences in other languages, and the tool that keeps the files complete."""
