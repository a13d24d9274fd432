"""How fast the whole way is, against what an analyst would write by hand."""
