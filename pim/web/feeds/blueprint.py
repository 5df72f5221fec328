"""The blueprint that all pages of feeds hang on."""

from flask import Blueprint

pages = Blueprint("feeds", __name__)
