"""The demo shop: Veerpad Buiten & Fiets, a Dutch retailer of outdoor gear and bicycles that exists
nowhere else.

Files, in the order in which ``pim demo`` takes them in:

1. ``structure.yaml``: locales, channels, attributes, families, variants, categories.
2. the pictures that ``service.pictures(folder)`` draws; a picture is known by its file name from
   here on.
3. ``erp_models.csv`` with ``erp_models.yaml``: models and the models below them (source erp).
4. ``erp.csv`` with ``erp.yaml``: what is sold (source erp); some rows are faulty on purpose,
   README.md lists them.
5. ``texts_models.csv`` with ``texts_models.yaml``, then ``texts.csv`` with ``texts.yaml``: texts,
   specifications, pictures (source hub).
6. approval: everything complete whose ``service.status(identifier)`` is "approved"; the others get
   the status it says.
7. ``feeds.yaml``: the feeds and their schedules.

``articles/*.yaml`` is what the authors wrote; ``python -m pim.demo.generate`` makes the four CSV
files from it.
"""
