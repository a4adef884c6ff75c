"""A crowd of invented people with ideas, supports and comments, for measuring: `flask seed`.

A *seed* is one such crowd: as many of everything as was asked for, alike whenever it is made with the same number (its
*key*). Its *plan* says which ids its things have, its *steps* are done in *batches*, each a transaction.
"""
