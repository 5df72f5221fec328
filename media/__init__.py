"""Pictures and documents: taken in once by content, kept behind one storage, drawn in named
sizes.
"""
