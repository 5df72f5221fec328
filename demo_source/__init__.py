"""Makes the demo shop: its authors' articles, and the files and pictures that come out of them."""
