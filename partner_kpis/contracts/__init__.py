"""Data contracts: ODCS files read into small typed nouns, and what they compile to.

Belongs here: the model of a contract, row promises as SQL, dataset and serving promises as
Great Expectations suites, the template and the difference of two versions.
Does not belong here: reading exports (landing) or deciding what a broken promise means (pipelines).
"""
