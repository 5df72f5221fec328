"""Value providers: what a feed, a filter or a page can say of a product beside its document."""
