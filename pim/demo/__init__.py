"""The demo shop: Veerpad Buiten & Fiets, a Dutch retailer of outdoor gear and bicycles that exists
nowhere else.

Files, in the order in which ``pim demo`` takes them in:

1. ``structure.yaml``: locales, channels, attributes, families, variants, categories.
2. ``pictures/``, which ``python -m demo_source.pictures`` draws; from here on a picture is
   known by its file name.
3. ``erp_models.csv`` with ``erp_models.yaml``: models and the models below them (source erp).
4. ``erp.csv`` with ``erp.yaml``: what is sold (source erp); some rows are faulty on purpose,
   README.md lists them.
5. ``texts_models.csv`` with ``texts_models.yaml``, then ``texts.csv`` with ``texts.yaml``: texts,
   specifications, pictures (source hub).
6. approval: everything complete whose ``statuses.status(identifier)`` is "approved"; the others get
   the status it says.
7. ``feeds.yaml``: the feeds and their schedules.

What the authors wrote and what makes these files from it is in ``demo_source/``.
"""
