"""How word embeddings learn: the mathematics behind the notebooks, one module per idea."""
