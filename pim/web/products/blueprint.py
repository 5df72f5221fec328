"""The blueprint that all pages of products hang on."""

from flask import Blueprint

pages = Blueprint("products", __name__)
LIST = "products.index"
